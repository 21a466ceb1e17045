#include "serve/hub.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "base/random.h"
#include "serve/guests.h"
#include "serve/target.h"

typedef struct told {
    uint64_t number; /* from 1 */
    char *text;      /* as it is sent; NULL: too large, or no memory */
    char *user;      /* NULL: everybody's */
    access_role least;
    bool sensitive;
} told;

struct hub_listener {
    hub *h;
    hub_listener *next, **at;
    void *connection;
    char *user;            /* the account, or the address */
    char *session, *token; /* that it was told apart by; "" */
    access_role role;
    bool known; /* has an account */
    bool sees_sensitive;
    bool waiting, greeted, lost, beat, dropped;
    uint64_t next_event;
    int64_t last_sent;
    buffer pending; /* of one event, from `sent` on */
    size_t sent;
};

typedef struct person {
    char *user, *name, *at, *since;
    int64_t until;
} person;

struct hub {
    hub_hooks hooks;
    pthread_mutex_t mine;
    uint64_t begun;  /* names this run of the server */
    uint64_t number; /* of the last event */
    told ring[HUB_KEPT];
    hub_listener *first;
    size_t listeners;
    bool ended;
    person *people; /* HUB_PRESENT at most */
    size_t people_size, people_capacity;
};

hub *hub_new(const hub_hooks *hooks) {
    hub *h = calloc(1, sizeof *h);
    if (!h || pthread_mutex_init(&h->mine, NULL) != 0) {
        free(h);
        return NULL;
    }
    random_bytes(&h->begun, sizeof h->begun);
    h->begun >>= 1; /* of 19 digits at most, which is what numbers are read of */
    h->hooks = *hooks;
    return h;
}

static void person_free(person *p) {
    free(p->user);
    free(p->name);
    free(p->at);
    free(p->since);
}

void hub_free(hub *h) {
    if (!h)
        return;
    for (size_t i = 0; i < HUB_KEPT; i++) {
        free(h->ring[i].text);
        free(h->ring[i].user);
    }
    for (size_t i = 0; i < h->people_size; i++)
        person_free(&h->people[i]);
    free(h->people);
    pthread_mutex_destroy(&h->mine);
    free(h);
}

static char *copy(str s) {
    char *text = malloc(s.size + 1);
    if (!text)
        return NULL;
    if (s.size)
        memcpy(text, s.data, s.size);
    text[s.size] = '\0';
    return text;
}

static void wake(hub_listener *l) {
    if (l->waiting)
        l->h->hooks.wake(l->h->hooks.context, l->connection);
    l->waiting = false;
}

static void wake_all(hub *h) {
    for (hub_listener *l = h->first; l; l = l->next)
        wake(l);
}

/* With the lock held. A line feed in the JSON would end the event: there is none in what json_dumps makes. */
static void tell(hub *h, const char *kind, str json, hub_reach reach) {
    uint64_t number = ++h->number;
    told *t = &h->ring[number % HUB_KEPT];
    free(t->text);
    free(t->user);
    *t = (told){.number = number, .least = reach.least, .sensitive = reach.sensitive};
    t->user = reach.user.data ? copy(reach.user) : NULL;
    if (json.size <= HUB_LARGEST && !memchr(json.data, '\n', json.size)) {
        buffer text = {0};
        buffer_printf(&text, "id: %" PRIu64 "-%" PRIu64 "\nevent: %s\ndata: ", h->begun, number, kind);
        buffer_add(&text, json);
        buffer_add(&text, (str){"\n\n", 3}); /* and the NUL */
        t->text = text.data;
    }
    wake_all(h);
}

void hub_tell(hub *h, const char *kind, str json, hub_reach reach) {
    if (!h || !json.data)
        return;
    if (h->hooks.told)
        h->hooks.told(h->hooks.context, kind);
    pthread_mutex_lock(&h->mine);
    tell(h, kind, json, reach);
    pthread_mutex_unlock(&h->mine);
}

void hub_end(hub *h) {
    if (!h)
        return;
    pthread_mutex_lock(&h->mine);
    h->ended = true;
    wake_all(h);
    pthread_mutex_unlock(&h->mine);
}

static str or_none(const char *text) {
    return *text ? str_of(text) : STR_NONE;
}

void hub_review(hub *h, bool (*holds)(void *context, const access_who *who), void *context) {
    if (!h)
        return;
    pthread_mutex_lock(&h->mine);
    for (hub_listener *l = h->first; l; l = l->next) {
        const access_who who = {.id = l->known ? str_of(l->user) : STR_NONE,
                                .role = l->role,
                                .session = or_none(l->session),
                                .token = or_none(l->token)};
        if (!l->dropped && !holds(context, &who)) {
            l->dropped = true;
            wake(l);
        }
    }
    pthread_mutex_unlock(&h->mine);
}

void hub_drop(hub *h, str user) {
    if (!h)
        return;
    pthread_mutex_lock(&h->mine);
    for (hub_listener *l = h->first; l; l = l->next) {
        if (l->known && str_equal(str_of(l->user), user)) {
            l->dropped = true;
            wake(l);
        }
    }
    pthread_mutex_unlock(&h->mine);
}

/* ---- a listener ---- */

/* "BEGUN-NUMBER", of this run and still in the ring or just behind it. */
static bool follows(const hub *h, str last, uint64_t *next) {
    size_t dash = str_find(last, STR("-"), 0);
    uint64_t begun, number;
    if (dash == SIZE_MAX || !target_number(str_slice(last, 0, dash), UINT64_MAX, &begun) ||
        !target_number(str_slice(last, dash + 1, last.size), UINT64_MAX, &number))
        return false;
    *next = number + 1;
    return begun == h->begun && number <= h->number && number + HUB_KEPT >= h->number;
}

/* A connection that waits is looked at by nobody: that a page was closed would be seen at the next beat. */
static bool let_go(hub_listener *l) {
    if (!l->connection || !l->h->hooks.left(l->h->hooks.context, l->connection))
        return false;
    l->dropped = true;
    wake(l);
    return true;
}

static size_t count_of(const hub *h, const char *user, bool known) {
    size_t count = 0;
    for (const hub_listener *l = h->first; l; l = l->next)
        count += l->known == known && !l->dropped && strcmp(l->user, user) == 0;
    return count;
}

/* Whether one more may listen; where there are too many, those who closed their pages are none. */
static bool has_room(hub *h, const char *user, bool known) {
    if (h->listeners < HUB_LISTENERS && count_of(h, user, known) < HUB_PER_USER)
        return true;
    for (hub_listener *l = h->first; l; l = l->next)
        let_go(l);
    return h->listeners < HUB_LISTENERS && count_of(h, user, known) < HUB_PER_USER;
}

static void enter(hub *h, hub_listener *l, str last) {
    l->h = h;
    l->next_event = h->number + 1;
    l->lost = last.size > 0 && !follows(h, last, &l->next_event);
    if (l->lost)
        l->next_event = h->number + 1;
    l->next = h->first;
    l->at = &h->first;
    if (l->next)
        l->next->at = &l->next;
    h->first = l;
    h->listeners++;
}

static void listener_free(hub_listener *l) {
    buffer_free(&l->pending);
    free(l->user);
    free(l->session);
    free(l->token);
    free(l);
}

hub_listener *hub_listen(hub *h, const access_who *who, const char *peer, str last) {
    hub_listener *l = h ? calloc(1, sizeof *l) : NULL;
    bool known = who->id.size > 0;
    if (!l)
        return NULL;
    *l = (hub_listener){.user = copy(known ? who->id : str_of(peer)),
                        .session = copy(who->session),
                        .token = copy(who->token),
                        .known = known,
                        .role = who->role,
                        .sees_sensitive = who->sees_sensitive};
    if (!l->user || !l->session || !l->token) {
        listener_free(l);
        return NULL;
    }
    pthread_mutex_lock(&h->mine);
    bool taken = !h->ended && has_room(h, l->user, known);
    if (taken)
        enter(h, l, last);
    pthread_mutex_unlock(&h->mine);
    if (!taken) {
        listener_free(l);
        return NULL;
    }
    return l;
}

void hub_leave(hub_listener *l) {
    if (!l)
        return;
    hub *h = l->h;
    pthread_mutex_lock(&h->mine);
    *l->at = l->next;
    if (l->next)
        l->next->at = l->at;
    h->listeners--;
    pthread_mutex_unlock(&h->mine);
    listener_free(l);
}

static bool reaches(const told *t, const hub_listener *l) {
    return l->role >= (t->least > ROLE_PUBLIC ? t->least : ROLE_PUBLIC) &&
           (!t->sensitive || l->sees_sensitive) && (!t->user || (l->known && strcmp(t->user, l->user) == 0));
}

static void next_event(hub_listener *l) {
    const hub *h = l->h;
    while (l->next_event <= h->number && l->pending.size == 0 && !l->lost) {
        const told *t = &h->ring[l->next_event % HUB_KEPT];
        if (t->number != l->next_event || (reaches(t, l) && !t->text)) {
            l->lost = true;
            l->next_event = h->number + 1;
        } else {
            if (reaches(t, l))
                buffer_add(&l->pending, str_of(t->text));
            l->next_event++;
        }
    }
}

/* What is to be sent next into l->pending, if anything. */
static void compose(hub_listener *l) {
    l->pending.size = l->sent = 0;
    if (!l->greeted)
        buffer_add(&l->pending, STR("retry: 2000\n\n"));
    l->greeted = true;
    if (l->pending.size == 0)
        next_event(l);
    if (l->lost && l->pending.size == 0) {
        buffer_printf(&l->pending, "id: %" PRIu64 "-%" PRIu64 "\nevent: lost\ndata: {}\n\n", l->h->begun,
                      l->h->number);
        l->lost = false;
    }
    if (l->beat && l->pending.size == 0)
        buffer_add(&l->pending, STR(": \n\n"));
    l->beat = false;
    l->last_sent = clock_seconds();
}

bool hub_read(hub_listener *l, void *connection, char *to, size_t most, size_t *size) {
    hub *h = l->h;
    *size = 0;
    pthread_mutex_lock(&h->mine);
    l->connection = connection;
    if (l->sent == l->pending.size)
        compose(l);
    size_t there = l->pending.size - l->sent;
    bool ends = h->ended || l->dropped;
    if (there == 0 && !ends) {
        l->waiting = true;
        h->hooks.wait(h->hooks.context, connection);
    }
    if (there > 0) {
        *size = there < most ? there : most;
        memcpy(to, l->pending.data + l->sent, *size);
        l->sent += *size;
    }
    pthread_mutex_unlock(&h->mine);
    return there > 0 || !ends;
}

/* ---- presence ---- */

static bool is_at(const person *p, str at) {
    return str_equal(str_of(p->at), at);
}

static void put_people(const hub *h, str at, const char *but, buffer *out) {
    buffer_add_byte(out, '[');
    for (size_t i = 0; i < h->people_size; i++) {
        const person *p = &h->people[i];
        if (!is_at(p, at) || (but && strcmp(p->user, but) == 0))
            continue;
        if (out->data[out->size - 1] != '[')
            buffer_add_byte(out, ',');
        buffer_add(out, STR("{\"name\":"));
        put_json_string(out, str_of(p->name));
        buffer_add(out, STR(",\"since\":"));
        put_json_string(out, str_of(p->since));
        buffer_add_byte(out, '}');
    }
    buffer_add_byte(out, ']');
}

static void tell_presence(hub *h, str at) {
    if (at.size == 0)
        return;
    buffer json = {0};
    buffer_add(&json, STR("{\"at\":"));
    put_json_string(&json, at);
    buffer_add(&json, STR(",\"people\":"));
    put_people(h, at, NULL, &json);
    buffer_add_byte(&json, '}');
    /* Where somebody is may be at a sensitive record. */
    tell(h, "presence", buffer_str(&json), (hub_reach){.least = ROLE_REVIEWER, .sensitive = true});
    buffer_free(&json);
}

static void person_goes(hub *h, size_t i) {
    person gone = h->people[i];
    h->people[i] = h->people[--h->people_size];
    tell_presence(h, str_of(gone.at));
    person_free(&gone);
}

static person *find_person(hub *h, str user) {
    for (size_t i = 0; i < h->people_size; i++) {
        if (str_equal(str_of(h->people[i].user), user))
            return &h->people[i];
    }
    return NULL;
}

static person *new_person(hub *h, const access_who *who) {
    if (h->people_size == HUB_PRESENT)
        return NULL;
    if (h->people_size == h->people_capacity) {
        size_t capacity = h->people_capacity ? 2 * h->people_capacity : 16;
        person *larger = realloc(h->people, capacity * sizeof *larger);
        if (!larger)
            return NULL;
        h->people = larger;
        h->people_capacity = capacity;
    }
    person p = {.user = copy(who->id), .name = copy(who->name), .at = copy(STR("")), .since = copy(STR(""))};
    if (!p.user || !p.name || !p.at || !p.since) {
        person_free(&p);
        return NULL;
    }
    h->people[h->people_size] = p;
    return &h->people[h->people_size++];
}

static void move_to(hub *h, person *p, str at, const char *time) {
    char *where = copy(at), *since = copy(str_of(time));
    if (!where || !since) {
        free(where);
        free(since);
        return;
    }
    char *before = p->at;
    free(p->since);
    p->at = where;
    p->since = since;
    tell_presence(h, str_of(before));
    tell_presence(h, at);
    free(before);
}

str hub_present(hub *h, const access_who *who, str at, const char *time, arena *a) {
    buffer others = {0};
    pthread_mutex_lock(&h->mine);
    person *p = find_person(h, who->id);
    if (!p && at.size)
        p = new_person(h, who);
    if (p) {
        p->until = clock_seconds() + HUB_PRESENT_SECONDS;
        if (!is_at(p, at))
            move_to(h, p, at, time);
        if (at.size == 0)
            person_goes(h, (size_t)(p - h->people));
    }
    put_people(h, at, p && at.size ? p->user : "", &others);
    pthread_mutex_unlock(&h->mine);
    str copied = arena_copy(a, buffer_str(&others));
    buffer_free(&others);
    return copied;
}

void hub_tick(hub *h, int64_t second) {
    if (!h)
        return;
    pthread_mutex_lock(&h->mine);
    for (size_t i = h->people_size; i-- > 0;) { /* who takes the place of one that goes was looked at */
        if (h->people[i].until < second)
            person_goes(h, i);
    }
    for (hub_listener *l = h->first; l; l = l->next) {
        if (!let_go(l) && l->waiting && second - l->last_sent >= HUB_BEAT_SECONDS) {
            l->beat = true;
            wake(l);
        }
    }
    pthread_mutex_unlock(&h->mine);
}
