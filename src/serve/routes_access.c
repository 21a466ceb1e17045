#include "serve/routes.h"

const route routes_access[] = {{0}};
