#include "serve/routes.h"

const route routes_export[] = {{0}};
