#include "serve/routes.h"

const route routes_review[] = {{0}};
