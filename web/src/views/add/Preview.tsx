/* What was read of one thing, before anything of it is kept: the text with its figures marked, each claim, and the
 * incidents that it may tell of. */
import { useMemo, useState } from "preact/hooks";
import { incidentHref } from "../../base";
import { outletOf } from "../../figures";
import { date, t, tongue } from "../../i18n";
import { ArticleText } from "../../reading/ArticleText";
import { ClaimCard } from "../../reading/ClaimCard";
import { inOrder, type Reading } from "../../reading/shape";
import { incidentName } from "../../reading/short";
import type { PlaceOf } from "../../shapes";
import { CodePoints, shown } from "../../text";
import { Chip } from "../../ui";

export interface ReadAnswer {
    article: { outlet: string | null; title: string | null; url: string | null; published: string | null; published_from: string | null; language: string | null };
    reading: Reading;
    incidents: { id: string; event: string | null; date: string | null; place: PlaceOf | null }[];
    /* What the program said on the way. */
    lines: string[];
    /* Further documents in the same file. */
    more: { title: string | null; outlet: string | null; url: string | null }[];
    count: number;
}

function Likely({ incidents }: Pick<ReadAnswer, "incidents">) {
    if (!incidents.length) {
        return null;
    }
    return (
        <div class="add-likely">
            <h2>{t("add_likely")}</h2>
            <ul>{incidents.map((one) => (
                <li key={one.id}><a href={incidentHref(one.id)} target="_blank" rel="noopener"><bdi>{incidentName(one)}</bdi></a></li>
            ))}</ul>
        </div>
    );
}

export function Preview({ answer }: { answer: ReadAnswer }) {
    const { reading, article } = answer;
    const [lit, setLit] = useState<number | null>(null);
    const points = useMemo(() => new CodePoints(reading.text), [reading.text]);
    return (
        <div class="preview">
            <header>
                <p class="row">
                    <b><bdi>{shown(outletOf(article)) || t("add_outlet_unknown")}</bdi></b>
                    <span>{article.published ? date(article.published) : <Chip tone="warn">{t("add_undated")}</Chip>}</span>
                    {article.language && <span class="quiet">{tongue(article.language)}</span>}
                    <Chip tone={reading.claims.length ? "accent" : "warn"}>{t("add_claims_read", { count: reading.claims.length })}</Chip>
                </p>
                {answer.count > 1 && <p class="quiet small-words">{t("add_first_of", { count: answer.count })}</p>}
                {answer.lines.map((line) => <p key={line} class="small-words quiet"><bdi>{shown(line)}</bdi></p>)}
            </header>
            <Likely incidents={answer.incidents} />
            {reading.claims.length > 0
                ? <ol class="claims-list" aria-label={t("add_claims")}>{inOrder(reading.claims).map((i) => (
                    <ClaimCard key={i} claim={reading.claims[i]!} index={i} reading={reading} points={points} lit={lit === i} onLit={setLit} />))}</ol>
                : <p class="quiet">{t("add_no_claims")}</p>}
            <details open={!reading.claims.length}>
                <summary>{t("add_article")}</summary>
                <ArticleText reading={reading} lit={lit} onLit={setLit} ids="read" />
                {reading.truncated && <p class="small-words quiet">{t("add_truncated")}</p>}
            </details>
        </div>
    );
}
