/* Distances and directions on the WGS 84 ellipsoid, by Karney's GeographicLib; relative places.
 *
 * A relative place is a centre and a radius that is honest: the circle should hold the place meant. "West of
 * X" says little about how far, so its circle reaches from X's own edge outwards; "3 km north of X" is a
 * point with the error of a rounded figure; "10 km from X", no direction told, is the whole disc. */
#include "places/places.h"
#include <math.h>

/* Included whole and kept private, so that a program that links PROJ as well has no name twice. */
#pragma GCC diagnostic push
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wold-style-declaration"
#endif
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#define GEOD_DLL static
#include "../../third_party/geographiclib/geodesic.c"
#pragma GCC diagnostic pop

enum { WGS84_RADIUS = 6378137, METRES = 1000 };

static struct geod_geodesic ellipsoid(void) {
    struct geod_geodesic g;
    geod_init(&g, WGS84_RADIUS, 1 / 298.257223563);
    return g;
}

double places_distance_km(double lat1, double lon1, double lat2, double lon2) {
    if (lat1 == lat2 && lon1 == lon2) /* as often as not: the same place told twice */
        return 0;
    struct geod_geodesic g = ellipsoid();
    double metres;
    geod_inverse(&g, lat1, lon1, lat2, lon2, &metres, NULL, NULL);
    return metres / METRES;
}

/* What is sure without the geodesic. Wherever a way goes, its length on the ellipsoid is between 0.9944 and
 * 1.0045 of that on a sphere of 6371 km (the ellipsoid's radii of curvature go from 6335.4 to 6399.6 km), so
 * the shortest one is, too. Less than what reckoning itself may be off by tells nothing: at a pole all
 * longitudes are one point, but for the last digit of a cosine. */
enum { SPHERE_RADIUS = 6371 };
static const double LEAST_RATIO = 0.994, GREATEST_RATIO = 1.005, DEGREE = 0.017453292519943295,
                    SLACK_KM = 1e-6;

static double sphere_distance_km(double lat1, double lon1, double lat2, double lon2) {
    double up = sin((lat2 - lat1) * DEGREE / 2), along = sin((lon2 - lon1) * DEGREE / 2);
    double half_chord = up * up + cos(lat1 * DEGREE) * cos(lat2 * DEGREE) * along * along;
    return 2 * SPHERE_RADIUS * asin(sqrt(fmin(1, half_chord)));
}

bool places_within_km(double lat1, double lon1, double lat2, double lon2, double km) {
    if (fabs(lat2 - lat1) * DEGREE * SPHERE_RADIUS * LEAST_RATIO > km)
        return false;
    double about = sphere_distance_km(lat1, lon1, lat2, lon2);
    bool nearer = about * GREATEST_RATIO + SLACK_KM < km;
    bool farther = about * LEAST_RATIO > km + SLACK_KM;
    if (nearer || farther)
        return nearer;
    return places_distance_km(lat1, lon1, lat2, lon2) <= km;
}

void places_destination(double lat, double lon, double bearing, double km, double *out_lat, double *out_lon) {
    struct geod_geodesic g = ellipsoid();
    geod_direct(&g, lat, lon, bearing, km * METRES, out_lat, out_lon, NULL);
}

void places_midpoint(double lat1, double lon1, double lat2, double lon2, double *out_lat, double *out_lon) {
    struct geod_geodesic g = ellipsoid();
    double metres, bearing;
    geod_inverse(&g, lat1, lon1, lat2, lon2, &metres, &bearing, NULL);
    geod_direct(&g, lat1, lon1, bearing, metres / 2, out_lat, out_lon, NULL);
}

typedef struct circle {
    double lat, lon, radius;
} circle;

enum { NEAR_KM = 5, DIRECTION_KM = 3, COUNTRYSIDE_KM = 25 };

static circle whole(const place *anchor) {
    return (circle){anchor->lat, anchor->lon, anchor->radius_km};
}

static circle towards(const place *anchor, double bearing, double km, double radius) {
    circle c = {.radius = radius};
    places_destination(anchor->lat, anchor->lon, bearing, km, &c.lat, &c.lon);
    return c;
}

/* "The west of X" and "west of X" are not told apart: the circle covers X's western half and its outskirts,
 * for a large X its western half. */
static circle in_direction(const place *anchor, double bearing) {
    double r = anchor->radius_km;
    bool wide = anchor->kind == PLACE_COUNTRY || anchor->kind == PLACE_REGION || anchor->kind == PLACE_AREA;
    return wide ? towards(anchor, bearing, r / 2, r * 0.6)
                : towards(anchor, bearing, r + DIRECTION_KM, r + NEAR_KM);
}

static circle at_distance(const place *anchor, double bearing, double km) {
    circle c = whole(anchor);
    if (bearing < 0) {
        c.radius += km;
        return c;
    }
    return towards(anchor, bearing, km, fmax(fmax(1, 0.15 * km), fmin(anchor->radius_km, km)));
}

static circle between(const place *anchor, const place *other) {
    circle c = {0};
    places_midpoint(anchor->lat, anchor->lon, other->lat, other->lon, &c.lat, &c.lon);
    c.radius = fmax(1, places_distance_km(anchor->lat, anchor->lon, other->lat, other->lon) / 2);
    return c;
}

static circle scaled(const place *anchor, double factor, double more) {
    circle c = whole(anchor);
    c.radius = c.radius * factor + more;
    return c;
}

static circle countryside(const place *anchor) {
    circle c = whole(anchor);
    bool wide = anchor->kind == PLACE_REGION || anchor->kind == PLACE_AREA;
    c.radius = wide ? c.radius : fmax(c.radius, COUNTRYSIDE_KM);
    return c;
}

static circle relative(place_relation relation, const place *anchor, const place *other, double bearing,
                       double km) {
    switch (relation) {
    case RELATION_DIRECTION:
        return in_direction(anchor, bearing);
    case RELATION_DISTANCE:
        return at_distance(anchor, bearing, km);
    case RELATION_BETWEEN:
        return other ? between(anchor, other) : scaled(anchor, 1, NEAR_KM);
    case RELATION_NEAR:
        return scaled(anchor, 1, NEAR_KM);
    case RELATION_COUNTRYSIDE:
        return countryside(anchor);
    case RELATION_CENTRE:
        return scaled(anchor, 1.0 / 3, 0);
    case RELATION_IN:
        break;
    }
    return whole(anchor);
}

void places_relative(place_relation relation, const place *anchor, const place *other, double bearing,
                     double km, double *out_lat, double *out_lon, double *out_radius_km) {
    circle c = relative(relation, anchor, other, bearing, km);
    *out_lat = c.lat;
    *out_lon = c.lon;
    *out_radius_km = c.radius;
}
