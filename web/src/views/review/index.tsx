/* The queue: what matters first, worked off case by case with the keyboard. */
import { useEffect, useRef, useState } from "preact/hooks";
import { get } from "../../api";
import { incidentHref } from "../../base";
import { placeName } from "../../figures";
import { Title } from "../../frame/Title";
import { ago, date, named, number, t } from "../../i18n";
import { estimatesText } from "../../reading/short";
import { useEvents, useResource } from "../../resource";
import { go, goTo } from "../../router";
import type { ViewProps } from "../../routes";
import { shown } from "../../text";
import { Button, Empty, ErrorBox, errorWords, Loading, Select, toast, useShortcuts } from "../../ui";
import { eventName } from "../../vocabulary";
import { me } from "./actions";
import { Case } from "./Case";
import { Proposals, useProposals } from "./Proposals";
import { itemKey, REASONS, type Queue, type QueueItem, type Reason } from "./shapes";

const PAGE = 50;
const QUIET_MS = 1500;

function Item({ item, isCurrent, onOpen }: { item: QueueItem; isCurrent: boolean; onOpen: () => void }) {
    const element = useRef<HTMLButtonElement>(null);
    useEffect(() => {
        if (isCurrent) {
            element.current?.scrollIntoView({ block: "nearest" });
        }
    }, [isCurrent]);
    const { incident } = item;
    return (
        <li>
            <button ref={element} type="button" class={isCurrent ? "queue-item is-current" : "queue-item"} aria-current={isCurrent || undefined} onClick={onOpen}>
                <span class="queue-top"><span class={`queue-reason is-${item.reason}`}>{named("reason", item.reason)}</span>{item.since && <time class="quiet">{ago(item.since)}</time>}</span>
                {incident ? <>
                    <span class="queue-name">{eventName(incident.event)} · <bdi>{placeName(incident.place)}</bdi></span>
                    <span class="quiet small-words">{date(incident.date, false)} · {estimatesText(incident.estimates)}</span>
                    {incident.assignee && <span class="quiet small-words"><bdi>{t("review_assigned_to", { name: shown(incident.assignee) })}</bdi></span>}
                </> : item.act && <span class="queue-name"><bdi>{shown(item.act.quote ?? "")}</bdi></span>}
            </button>
        </li>
    );
}

interface Held {
    item: QueueItem;
    at: number;
}

/* The case that is open stays where it was, also when what was said takes it out of the queue, until one moves on. */
function withHeld(items: QueueItem[], held: Held | null): { items: QueueItem[]; at: number } {
    if (!held) {
        return { items, at: 0 };
    }
    const exact = items.findIndex((item) => itemKey(item) === itemKey(held.item));
    const found = exact >= 0 ? exact : items.findIndex((item) => item.incident !== null && item.incident.id === held.item.incident?.id);
    if (found >= 0) {
        return { items, at: found };
    }
    const at = Math.min(held.at, items.length);
    return { items: [...items.slice(0, at), held.item, ...items.slice(at)], at };
}

export default function View({ query }: ViewProps) {
    const reason = REASONS.find((one) => one === query.get("reason")) ?? "";
    const assignee = query.get("assignee") ?? "";
    const change = (part: Record<string, string>) => go("review", { reason, assignee, ...part }, { quiet: true });
    const asked = { reason: reason === "proposal" ? "" : reason, assignee };
    const { data, error, loading, reload } = useResource(`queue ${asked.reason} ${assignee}`, (signal) => get<Queue>("queue", { ...asked, limit: PAGE }, signal));
    const [further, setFurther] = useState<{ of: Queue | null; items: QueueItem[]; next: string | null }>({ of: null, items: [], next: null });
    const [held, setHeld] = useState<Held | null>(null);
    const [opened, setOpened] = useState(false);
    const proposals = useProposals();
    useEvents(["act", "added"], reload, QUIET_MS);

    const more = further.of === data ? further : { of: data, items: [], next: data?.next ?? null };
    const { items, at } = withHeld([...(data?.items ?? []), ...more.items], held);
    const item = items[at] ?? null;
    const open = (index: number) => {
        const next = Math.max(0, Math.min(items.length - 1, index));
        const chosen = items[next];
        if (chosen) {
            setHeld({ item: chosen, at: next });
        }
    };
    // What is looked at is held from the beginning, so that it does not go away under the first act.
    useEffect(() => {
        if (!held && items[0]) {
            setHeld({ item: items[0], at: 0 });
        }
    }, [held, items[0]]);
    useEffect(() => setHeld(null), [reason, assignee]);
    const ask = async () => {
        try {
            const answer = await get<Queue>("queue", { ...asked, limit: PAGE, after: more.next });
            setFurther({ of: data, items: [...more.items, ...answer.items], next: answer.next });
        } catch (wrong) {
            toast(errorWords(wrong), { wrong: true });
        }
    };
    useShortcuts([
        { keys: "j", label: "review_key_next", group: "review_keys", run: () => open(at + 1) },
        { keys: "k", label: "review_key_before", group: "review_keys", run: () => open(at - 1) },
        { keys: "enter", label: "review_key_open", group: "review_keys", run: () => item?.incident && goTo(incidentHref(item.incident.id)) },
    ]);
    const counts = data?.counts ?? {};
    const waiting = proposals.data?.proposals.length ?? 0;
    const countOf = (one: Reason): number => (one === "proposal" ? waiting : (counts[one] ?? 0));
    return (
        <div class={opened ? "page review is-open" : "page review"}>
            <header class="page-head">
                <Title words={t("title_review")} />
                <Select class="review-whose" aria-label={t("review_whose")} value={assignee} onValue={(value) => change({ assignee: value })}
                    options={[{ value: "", label: t("review_everybodys") }, { value: me(), label: t("review_to_me") }, { value: "none", label: t("review_nobodys") }].filter((one, i) => i !== 1 || one.value)} />
            </header>
            <nav class="review-reasons" aria-label={t("review_reasons")}>
                <button type="button" aria-pressed={reason === ""} onClick={() => change({ reason: "" })}>{t("review_all")}</button>
                {REASONS.filter((one) => countOf(one) > 0 || one === reason).map((one) => (
                    <button key={one} type="button" aria-pressed={reason === one} onClick={() => change({ reason: one })}>{named("reason", one)} <span class="figure">{number(countOf(one))}{data?.capped && countOf(one) >= 10000 ? "+" : ""}</span></button>
                ))}
            </nav>
            {reason === "proposal" ? <Proposals found={proposals} onDone={reload} />
                : error && !data ? <ErrorBox error={error} again={reload} />
                : !data ? <Loading />
                : !items.length ? <Empty title={t("review_empty")} icon="check"><p>{t("review_empty_hint")}</p></Empty> : (
                    <div class="review-columns">
                        <section class="queue" aria-label={t("review_queue")} aria-busy={loading}>
                            <ol>{items.map((one, i) => <Item key={itemKey(one)} item={one} isCurrent={i === at} onOpen={() => (open(i), setOpened(true))} />)}</ol>
                            {more.next && <p class="queue-more"><Button onClick={() => void ask()}>{t("review_show_more")}</Button></p>}
                        </section>
                        <section class="review-case" aria-label={t("review_case")}>
                            <p class="review-back"><Button icon="back" onClick={() => setOpened(false)}>{t("review_back")}</Button></p>
                            {item && <Case key={item.incident?.id ?? itemKey(item)} item={item} onDone={reload} />}
                        </section>
                    </div>
                )}
        </div>
    );
}
