#include "base/calendar.h"

#include <string.h>

#include <unicode/ucal.h>

enum { LAST_YEAR = 1000000 }; /* further away the days do not fit */

/* Days and civil dates: the algorithm of H. Hinnant, "chrono-compatible low-level date algorithms". */
day day_of(int year, int month, int day_of_month) {
    if (year < -LAST_YEAR || year > LAST_YEAR)
        return DAY_NONE;
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int yoe = y - era * 400;
    int doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day_of_month - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

ymd day_split(day d) {
    int64_t z = (int64_t)d + 719468;
    int era = (int)((z >= 0 ? z : z - 146096) / 146097);
    int doe = (int)(z - (int64_t)era * 146097);
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    int month = mp < 10 ? mp + 3 : mp - 9;
    return (ymd){yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) / 5 + 1};
}

int day_weekday(day d) {
    int w = (int)(((int64_t)d + 3) % 7); /* 1970-01-01 was a Thursday */
    return w < 0 ? w + 7 : w;
}

int month_days(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month < 1 || month > 12 ? 0 : days[month - 1] + (month == 2 && leap);
}

bool ymd_valid(ymd d) {
    return d.year >= 1 && d.year <= 9999 && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
           d.day <= month_days(d.year, d.month);
}

static int digits(str s, size_t at, size_t count) {
    int n = 0;
    for (size_t i = at; i < at + count; i++) {
        if (i >= s.size || s.data[i] < '0' || s.data[i] > '9')
            return -1;
        n = n * 10 + (s.data[i] - '0');
    }
    return n;
}

day day_parse(str iso) {
    if (iso.size < 10 || iso.data[4] != '-' || iso.data[7] != '-')
        return DAY_NONE;
    ymd d = {digits(iso, 0, 4), digits(iso, 5, 2), digits(iso, 8, 2)};
    return ymd_valid(d) ? day_of(d.year, d.month, d.day) : DAY_NONE;
}

str day_format(arena *a, day d) {
    ymd s = day_split(d);
    return arena_printf(a, "%04d-%02d-%02d", s.year, s.month, s.day);
}

static UCalendar *umm_al_qura(void) {
    static const UChar utc[] = {'U', 'T', 'C', 0};
    UErrorCode error = U_ZERO_ERROR;
    UCalendar *c = ucal_open(utc, 3, "ar@calendar=islamic-umalqura", UCAL_DEFAULT, &error);
    return U_SUCCESS(error) ? c : NULL;
}

day day_of_hijri(int year, int month, int day_of_month) {
    bool plausible =
        year >= 1 && year <= 1600 && month >= 1 && month <= 12 && day_of_month >= 1 && day_of_month <= 30;
    UCalendar *c = plausible ? umm_al_qura() : NULL;
    if (!c)
        return DAY_NONE;
    UErrorCode error = U_ZERO_ERROR;
    ucal_clear(c);
    ucal_setDateTime(c, year, month - 1, day_of_month, 0, 0, 0, &error);
    UDate ms = ucal_getMillis(c, &error);
    ucal_close(c);
    day d = U_SUCCESS(error) ? (day)(ms / 86400000.0) : DAY_NONE;
    if (d != DAY_NONE && hijri_of_day(d).day != day_of_month) /* the 30th of a month of 29 days */
        return DAY_NONE;
    return d;
}

ymd hijri_of_day(day d) {
    UCalendar *c = d == DAY_NONE ? NULL : umm_al_qura();
    if (!c)
        return (ymd){0};
    UErrorCode error = U_ZERO_ERROR;
    ucal_setMillis(c, d * 86400000.0, &error);
    ymd h = {ucal_get(c, UCAL_YEAR, &error), ucal_get(c, UCAL_MONTH, &error) + 1,
             ucal_get(c, UCAL_DATE, &error)};
    ucal_close(c);
    return U_SUCCESS(error) ? h : (ymd){0};
}

bool zone_ahead(const char *zone, day d, int hour, int *minutes) {
    UChar name[64];
    size_t size = strlen(zone);
    if (d == DAY_NONE || size >= sizeof name / sizeof *name)
        return false;
    for (size_t i = 0; i <= size; i++)
        name[i] = (UChar)zone[i];
    UErrorCode error = U_ZERO_ERROR;
    UCalendar *c = ucal_open(name, (int32_t)size, "en", UCAL_GREGORIAN, &error);
    if (U_FAILURE(error))
        return false;
    ucal_setMillis(c, (d * 24.0 + hour) * 3600000.0, &error);
    int32_t ms = ucal_get(c, UCAL_ZONE_OFFSET, &error) + ucal_get(c, UCAL_DST_OFFSET, &error);
    ucal_close(c);
    *minutes = ms / 60000;
    return U_SUCCESS(error);
}

str moment_text(arena *a, time_t at) {
    char text[32];
    struct tm utc;
    gmtime_r(&at, &utc);
    return arena_copy(a, (str){text, strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc)});
}
