/* What lists, counts, timelines and maps of incidents are told from: every incident as a short row in memory.
 *
 * A page of incidents is asked for with its counts, and people ask again with each letter they type. SQL
 * walks a ledger of a million claims in a tenth of a second and more, for each list of counts anew; a walk
 * over rows of ninety-six bytes takes some milliseconds and counts everything at once, exactly.
 *
 * One board serves all handles of a process that are opened with it (ledger_options.board). It follows the
 * ledger by itself: whoever asks looks first whether incidents were worked out anew since, by this process or
 * another. A few are taken over on the spot; where they are many, one who asks reads all anew while the
 * others are answered from what stood before (of a server: a thread of its own). It keeps some 150 bytes an
 * incident. */
#ifndef ISN_LEDGER_BOARD_H
#define ISN_LEDGER_BOARD_H

#include "ledger/ledger.h"

typedef struct ledger_board ledger_board;
ledger_board *ledger_board_new(void);
/* When no handle that was opened with it is open any more; NULL is fine. */
void ledger_board_free(ledger_board *b);

/* From now on somebody calls ledger_follow on a handle of it time and again, from the start: whoever asks
 * leaves the reading of all to them and is told from what stood before; and before anything stands, the first
 * page of all is told without it. */
void ledger_board_tend(ledger_board *b);
/* How often what is told from it became another; 0: nothing was read yet. */
uint64_t ledger_board_turned(const ledger_board *b);
bool ledger_board_stands(const ledger_board *b);
/* Whether what is told from it stands at this. */
bool ledger_board_is_at(ledger_board *b, const ledger_standing *now);

/* How it is kept, for tests and for whoever looks after a server. */
typedef struct ledger_board_state {
    uint64_t incidents, bytes;
    uint64_t read_whole, followed; /* how often all was read, and how often only what changed */
    uint64_t asked, looked_up;     /* words asked for, and of these what the index was asked */
    uint64_t walked;               /* rows that questions looked at */
} ledger_board_state;
void ledger_board_tell(ledger_board *b, ledger_board_state *out);

#endif
