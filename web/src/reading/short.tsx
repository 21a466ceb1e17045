/* An incident and its figures in a line, as other views speak of them. */
import { incidentHref } from "../base";
import { placeName, range, told, wholeFigures } from "../figures";
import { date } from "../i18n";
import type { Estimate, Figure, Incident } from "../shapes";
import { shown } from "../text";
import { effectName, eventName } from "../vocabulary";

type Named = Pick<Incident, "id" | "event" | "date" | "place">;

/* "Air strike · Al-Quriyah · 14 Jan 2026". */
export const incidentName = (incident: Named): string => `${eventName(incident.event)} · ${shown(placeName(incident.place))} · ${date(incident.date)}`;

export const IncidentLink = ({ incident, hijri }: { incident: Named; hijri?: boolean }) => (
    <><a href={incidentHref(incident.id)}>{eventName(incident.event)} · <bdi>{shown(placeName(incident.place))}</bdi></a> <time class="quiet">{date(incident.date, hijri)}</time></>
);

/* "Killed 11–19+ · Injured 30". */
export const estimatesText = (estimates: readonly Estimate[], most = 2): string => wholeFigures(estimates).slice(0, most).map((e) => `${effectName(e.effect)} ${range(e)}`).join(" · ");

/* The same, each in its colour. */
export const Estimates = ({ of, most = Infinity }: { of: readonly Estimate[]; most?: number }) => (
    <>{wholeFigures(of).slice(0, most).map((e) => <span key={e.effect} class={`short-figure effect-${e.effect}`}><span class="effect-name">{effectName(e.effect)}</span> <bdi class="figure">{range(e)}</bdi></span>)}</>
);

/* What was told, and what denied. */
export const ToldFigure = ({ figure, words = told }: { figure: Figure; words?: (figure: Figure) => string }) => (
    <><span class="effect-name">{effectName(figure.effect)}</span> <bdi class={figure.stance === "denies" ? "figure denied" : "figure"}>{words(figure)}</bdi></>
);
