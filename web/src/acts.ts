/* What reviewers say of claims and incidents: one way to say it, with words on what was done and a way to undo it. */
import { computed, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { newKey, post, postOnce } from "./api";
import { named, t } from "./i18n";
import { errorWords, toast } from "./ui";

/* A proposal takes effect when a second reviewer confirms it; until then nothing changes. */
interface Acted {
    first: number | null;
    last: number | null;
    /* Incidents are linked anew; what changed shows a moment later. */
    link: boolean;
    proposal?: number | null;
}

/* Counts what was said and undone here: a view asks anew then, without waiting to be told by an event. */
const actsSaid = signal(0);

export function useSaid(call: () => void): void {
    const said = actsSaid.value;
    const seen = useRef(said);
    useEffect(() => {
        if (said !== seen.current) {
            seen.current = said;
            call();
        }
    }, [said]);
}

/* What was said here and can be undone, the last at the end: of which claims or incidents, and the numbers of its acts. */
export interface Done {
    kind: string;
    ids: readonly string[];
    acts: readonly number[];
}

const done = signal<readonly Done[]>([]);
export const lastDone = computed<Done | null>(() => done.value.at(-1) ?? null);
export const lastDoneTo = (id: string): Done | null => done.value.findLast(({ ids }) => ids.includes(id)) ?? null;

/* "Undo: correction (14 killed)". */
export function undoWords({ kind }: Done, what = ""): string {
    const deed = named("deed", kind);
    return what ? t("acts_undo_deed_of", { deed, what }) : t("acts_undo_deed", { deed });
}

const numbersOf = ({ first, last }: Acted): number[] =>
    first === null || last === null ? [] : Array.from({ length: last - first + 1 }, (_, i) => first + i);

export async function undo(acts: readonly number[], why = ""): Promise<void> {
    const before = done.value;
    done.value = before.filter((one) => !one.acts.some((number) => acts.includes(number)));
    try {
        const acted = await postOnce<Acted>("acts/undo", { acts: acts.map(String), ...(why && { why }) });
        actsSaid.value++;
        toast(acted.proposal ? t("acts_proposed") : t("acts_undone"));
    } catch (error) {
        done.value = before;
        toast(errorWords(error), { wrong: true });
    }
}

/* Says something: `ids` as docs/review.md has them, values as "field=value". Throws what the server refuses (an ApiError
 * with the field at fault); the same `key` acts once however often it is sent. */
export async function act(kind: string, ids: readonly string[], values: readonly string[] = [], why = "", key: string = newKey()): Promise<Acted> {
    const acted = await postOnce<Acted>("acts", { kind, ids, values, ...(why.trim() && { why: why.trim() }) }, key);
    actsSaid.value++;
    if (acted.proposal) {
        toast(t("acts_proposed"));
        return acted;
    }
    const numbers = numbersOf(acted);
    if (numbers.length) {
        done.value = [...done.value, { kind, ids, acts: numbers }];
    }
    toast(named("acts_done", kind), numbers.length ? { action: { label: t("acts_undo"), run: () => void undo(numbers) } } : {});
    return acted;
}

/* The same where there is no form to show what was refused: it is told in a toast; null then. */
export async function tryAct(...given: Parameters<typeof act>): Promise<Acted | null> {
    try {
        return await act(...given);
    } catch (error) {
        toast(errorWords(error), { wrong: true });
        return null;
    }
}

/* A proposal of another reviewer. */
export async function decide(proposal: number, how: "confirm" | "refuse", body: { why?: string; changed?: boolean } = {}): Promise<void> {
    await post(`proposals/${proposal}/${how}`, body);
    toast(t(how === "confirm" ? "acts_confirmed" : "acts_refused"));
}
