#include "serve/routes.h"

const route routes_add[] = {{0}};
