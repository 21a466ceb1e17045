#include "serve/hub.h"

void hub_tell(hub *h, const char *kind, str json, hub_reach reach) {
    (void)h, (void)kind, (void)json, (void)reach;
}
