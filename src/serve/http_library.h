/* libmicrohttpd, opened when a server is run: no other command pays for loading it. */
#ifndef ISN_SERVE_HTTP_LIBRARY_H
#define ISN_SERVE_HTTP_LIBRARY_H

#include "base/failure.h"

#include <microhttpd.h>

#define HTTP_FUNCTIONS(X)                                                                                    \
    X(MHD_start_daemon)                                                                                      \
    X(MHD_stop_daemon)                                                                                       \
    X(MHD_quiesce_daemon)                                                                                    \
    X(MHD_is_feature_supported)                                                                              \
    X(MHD_get_daemon_info)                                                                                   \
    X(MHD_get_connection_info)                                                                               \
    X(MHD_lookup_connection_value)                                                                           \
    X(MHD_get_connection_values)                                                                             \
    X(MHD_suspend_connection)                                                                                \
    X(MHD_resume_connection)                                                                                 \
    X(MHD_create_response_from_buffer)                                                                       \
    X(MHD_create_response_from_callback)                                                                     \
    X(MHD_add_response_header)                                                                               \
    X(MHD_queue_response)                                                                                    \
    X(MHD_destroy_response)

typedef struct http_library {
    void *handle;
#define HTTP_MEMBER(name) __typeof__(&name) name;
    HTTP_FUNCTIONS(HTTP_MEMBER)
#undef HTTP_MEMBER
} http_library;

/* STATUS_UNAVAILABLE where it is missing or too old. */
status http_library_open(http_library *out, failure *f);
void http_library_close(http_library *library);

#endif
