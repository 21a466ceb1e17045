/* An incident as a row of the list. */
import type { ComponentChildren } from "preact";
import { incidentHref } from "../../base";
import { placeName, rangeOfHarm, regionOf, toldBy, wholeFigures } from "../../figures";
import { date, hijriDate, number, t } from "../../i18n";
import { CodePoints, segments, shown } from "../../text";
import { Icon } from "../../ui";
import { gradeName } from "../../grades";
import type { Estimate, Snippet, Summary } from "../../shapes";
import { byEffect, eventName, statusName } from "../../vocabulary";
import { kilometres, pointed } from "./pointed";

function toShow(estimates: readonly Estimate[]): Estimate[] {
    return wholeFigures(estimates).sort(byEffect).slice(0, 2);
}

function Found({ snippet }: { snippet: Snippet }) {
    const points = new CodePoints(snippet.text);
    const parts = segments(points, snippet.marks.map(([start, end]) => ({ start, end })));
    return (
        <p class="incident-snippet" dir="auto">
            {parts.map((part) => (part.marks.length ? <mark key={part.start}>{shown(part.text)}</mark> : shown(part.text)))}
        </p>
    );
}

function Figures({ estimates }: { estimates: readonly Estimate[] }) {
    const figures = toShow(estimates);
    return (
        <div class="incident-figures">
            {figures.map((estimate) => (
                <span key={estimate.effect} class={`incident-figure effect-${estimate.effect}`}>
                    {rangeOfHarm(estimate)}
                </span>
            ))}
            {!figures.length && <span class="quiet">{t("row_no_figure")}</span>}
        </div>
    );
}

/* How often it was told, and by how many. */
function Voices({ row }: { row: Summary }) {
    const { told, independent } = row.voices;
    const all = toldBy(row.voices);
    return (
        <div class="incident-voices" title={all}>
            <span aria-hidden="true" class="incident-told figure">{number(told)}<Icon name="forward" size={12} /><b>{t("row_voices", { count: independent })}</b></span>
            <span class="unseen">{all}</span>
        </div>
    );
}

function State({ row }: { row: Summary }) {
    const { status } = row;
    return (
        <div class="incident-state">
            {row.disagreements > 0 && <span class="incident-disputed"><Icon name="split" size={13} />{t("row_disputed")}</span>}
            {row.sensitive && <span class="incident-mark" title={t("row_sensitive")}><Icon name="lock" size={13} /><span class="unseen">{t("row_sensitive")}</span></span>}
            {status !== "new" && <span class={`incident-status is-${status.replace(" ", "-")}`}>{statusName(status)}</span>}
            {row.grade && <span class="incident-grade"><bdi>{gradeName(row.grade)}</bdi></span>}
            {row.assignee && <span class="incident-assignee" title={t("row_assigned", { name: row.assignee })}><Icon name="user" size={13} /><bdi>{row.assignee}</bdi></span>}
        </div>
    );
}

interface RowProps {
    row: Summary;
    isActive: boolean;
    narrow: boolean;
    /* A box to choose it by, for who may act on several at once. */
    choice: ComponentChildren;
    isChosen: boolean;
}

const isPointed = (row: Summary): boolean => {
    const at = pointed.value;
    if (!at || at.by !== "map") {
        return false;
    }
    const { lat, lon } = row.place ?? {};
    return at.id ? at.id === row.id : typeof lat === "number" && typeof lon === "number" && kilometres({ lat, lon }, at) <= Math.max(at.radius_km, 0.5);
};

/* The row is what is pointed at. */
export function pointAt(row: Summary): void {
    const { lat, lon, radius_km } = row.place ?? {};
    pointed.value = typeof lat === "number" && typeof lon === "number" ? { by: "list", id: row.id, lat, lon, radius_km: radius_km ?? 0 } : null;
}

function Place({ row, isActive, event }: { row: Summary; isActive: boolean; event: string }) {
    const region = [event, ...regionOf(row.place)].filter(Boolean);
    return (
        <p class="incident-place">
            <a href={incidentHref(row.id)} tabIndex={isActive ? 0 : -1}><bdi>{shown(placeName(row.place))}</bdi></a>
            {region.map((name) => <span key={name} class="incident-region"><bdi>{shown(name)}</bdi></span>)}
        </p>
    );
}

export function IncidentRow({ row, isActive, narrow, choice, isChosen }: RowProps) {
    // With a second calendar the event stands beside the place.
    const second = hijriDate(row.date);
    const when = <span class="incident-date">{date(row.date, false)}</span>;
    const event = <span class="incident-event">{second || eventName(row.event)}</span>;
    const inTitle = row.snippet?.text === row.title;
    const title = inTitle && row.snippet ? <Found snippet={row.snippet} /> : <p class="incident-title" dir="auto">{shown(row.title ?? "")}</p>;
    const figures = <Figures estimates={row.estimates} />;
    return (
        <div class={["incident-row", narrow && "narrow", isPointed(row) && "pointed", isChosen && "chosen", choice && "with-choice"].filter(Boolean).join(" ")}
            onPointerEnter={() => pointAt(row)} onPointerLeave={() => (pointed.value = null)}>
            {choice}
            {!narrow && <div class={second ? "incident-when both" : "incident-when"}>{when}{event}</div>}
            <div class="incident-lines">
                <div class="incident-line"><Place row={row} isActive={isActive} event={second ? eventName(row.event) : ""} />{narrow ? when : <>{figures}<Voices row={row} /></>}</div>
                <div class="incident-line">{title}{narrow ? <Voices row={row} /> : <State row={row} />}</div>
                {row.snippet?.text && !inTitle && <Found snippet={row.snippet} />}
                {narrow && <div class="incident-line">{figures}<State row={row} />{event}</div>}
            </div>
        </div>
    );
}
