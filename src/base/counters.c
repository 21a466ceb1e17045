#include "base/counters.h"

#ifdef ISNAD_COUNTERS
_Thread_local counters work;
#else
typedef int counters_are_compiled_out;
#endif
