/* Calendar days: proleptic Gregorian, as days since 1970-01-01; Hijri by ICU (Umm al-Qura).
 *
 * From 1420 (April 1999) on, the calendar's present rule, these are the days as published; before it ICU
 * follows the same rule backwards, and the calendar printed then differs by a day in most months. */
#ifndef ISN_BASE_CALENDAR_H
#define ISN_BASE_CALENDAR_H

#include <time.h>

#include "base/arena.h"

typedef int32_t day; /* days since 1970-01-01; DAY_NONE where unknown */
#define DAY_NONE INT32_MIN

typedef struct ymd {
    int year, month, day; /* month 1 to 12, day 1 to 31; 0 where not told */
} ymd;

day day_of(int year, int month, int day_of_month);
ymd day_split(day d);
/* 0 Monday to 6 Sunday (ISO 8601 minus one). */
int day_weekday(day d);
int month_days(int year, int month);
bool ymd_valid(ymd d);
/* Reads the day at the head of "YYYY-MM-DD…"; DAY_NONE where there is none. */
day day_parse(str iso);
/* "YYYY-MM-DD". */
str day_format(arena *a, day d);
/* "YYYY-MM-DDThh:mm:ssZ". */
str moment_text(arena *a, time_t at);
/* The Gregorian day of a date of the Umm al-Qura calendar, DAY_NONE where it is no date of it. */
day day_of_hijri(int year, int month, int day_of_month);
/* The Umm al-Qura date of a day. */
ymd hijri_of_day(day d);
/* How many minutes the clock of a zone ("Asia/Damascus") is ahead of Greenwich at an hour of Greenwich time.
 */
bool zone_ahead(const char *zone, day d, int hour, int *minutes);

#endif
