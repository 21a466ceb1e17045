/* isnad show --why: the pairs by which the accounts of an incident became one, the strongest first. */
#include <math.h>
#include <string.h>

#include "cli/words.h"

static void put_account(program *p, const char *before, const json_t *account) {
    const char *outlet = text_at(account, "outlet"), *title = text_at(account, "title");
    fputs(before, p->out);
    put_text(p->out, &p->screen, *outlet ? outlet : "unknown outlet");
    fputs(" · ", p->out);
    put_text(p->out, &p->screen, *title ? title : text_at(account, "document"));
    fputc('\n', p->out);
}

static void put_traits(program *p, const json_t *traits) {
    size_t i;
    json_t *t;
    json_array_foreach(traits, i, t) {
        double adds = json_number_value(json_object_get(t, "adds"));
        double value = json_number_value(json_object_get(t, "value"));
        const char *says = text_at(t, "says");
        fprintf(p->out, "    %+5.1f  %s", adds, *says ? says : text_at(t, "trait"));
        if (fabs(value - 1) > 0.005)
            fprintf(p->out, " × %.3g", value);
        fputc('\n', p->out);
    }
}

static void put_link(program *p, const json_t *link) {
    const json_t *strength = json_object_get(link, "strength");
    put_account(p, "\n  ", json_object_get(link, "a"));
    put_account(p, "  ", json_object_get(link, "b"));
    if (strcmp(text_at(link, "by"), "reviewer") == 0)
        fputs("           a reviewer said that they are one\n", p->out);
    put_traits(p, json_object_get(link, "traits"));
    style_begin(p->out, &p->screen, "1");
    if (json_is_number(strength))
        fprintf(p->out, "    %+5.1f  in all\n", json_number_value(strength));
    else
        fputs("           by themselves they contradict\n", p->out);
    style_end(p->out, &p->screen);
}

isn_code why_print(program *p, const char *json) {
    size_t i;
    json_t *link, *why = json_of(p, json, strlen(json));
    if (!why)
        return ISN_INTERNAL;
    json_t *links = json_object_get(why, "links");
    style_begin(p->out, &p->screen, "1");
    fputs("WHY THESE ACCOUNTS ARE ONE INCIDENT", p->out);
    style_end(p->out, &p->screen);
    fprintf(p->out, "\n%s\n", text_at(why, "id"));
    if (!json_array_size(links))
        fputs("One account only: nothing was linked.\n", p->out);
    else
        fputs(
            "Each pair below joined two groups of accounts. What speaks for one incident adds, what speaks\n"
            "against takes away; above 0 the two are one.\n",
            p->out);
    json_array_foreach(links, i, link) put_link(p, link);
    json_decref(why);
    return ISN_OK;
}
