#include "places/format.h"

size_t section_item_size(section s) {
    static const size_t sizes[SECTION_COUNT] = {
        [SECTION_TEXT] = 1,
        [SECTION_PLACES] = sizeof(place_record),
        [SECTION_KEYS] = sizeof(key_record),
        [SECTION_LISTS] = 4,
        [SECTION_SLOTS] = 8,
        [SECTION_FILTER] = 8,
        [SECTION_LOOSE_KEYS] = sizeof(key_record),
        [SECTION_LOOSE_LISTS] = 4,
        [SECTION_LOOSE_SLOTS] = 8,
    };
    return sizes[s];
}
