/* Beside the text: its versions, what it is a copy of and what are copies of it, and the facts of the page. */
import type { ComponentChildren } from "preact";
import { downloadHref } from "../../api";
import { documentHref, incidentHref } from "../../base";
import { outletOf } from "../../figures";
import { bytes, date, listed, named, t, tongue } from "../../i18n";
import { incidentName } from "../../reading/short";
import { may } from "../../session";
import type { Paper } from "../../shapes";
import { directionOf, shown } from "../../text";
import { ButtonLink, Chip, copyText, Icon, IconButton } from "../../ui";
import { Elsewhere } from "./Claims";
import { capturePath, type Capture, type Version, type Whole } from "./data";

const differencesHref = (whole: Whole, other: string, otherVersion?: number): string =>
    documentHref(whole.document.id, { version: whole.document.version, with: other, with_version: otherVersion ?? null });

export function Versions({ whole }: { whole: Whole }) {
    const { document } = whole;
    const newestFirst = [...document.versions].sort((a, b) => b.version - a.version);
    return (
        <>
            <ol class="doc-list" aria-label={t("doc_versions")}>
                {newestFirst.map((version: Version) => {
                    const here = version.version === document.version;
                    return (
                        <li key={version.version} class={here ? "doc-entry is-here" : "doc-entry"}>
                            <p class="row">
                                {here ? <b>{t("doc_version", { n: version.version })}</b> : <a href={documentHref(document.id, { version: version.version })}>{t("doc_version", { n: version.version })}</a>}
                                {here && <Chip tone="accent">{t("doc_shown")}</Chip>}
                                {version.superseded === null ? <Chip tone="good">{t("doc_counts")}</Chip> : <span class="quiet small-words">{t("doc_superseded", { n: version.superseded })}</span>}
                            </p>
                            <p class="quiet small-words">{t("doc_published", { date: date(version.published) })}{version.updated && <> · {t("doc_updated", { date: date(version.updated) })}</>}{version.time && <> · {t("doc_captured", { date: date(version.time) })}</>}</p>
                            {!here && <a href={version.version < document.version ? documentHref(document.id, { version: version.version, with: document.id, with_version: document.version }) : differencesHref(whole, document.id, version.version)}>{t("doc_what_changed")}</a>}
                        </li>
                    );
                })}
            </ol>
            <Elsewhere claims={whole.elsewhere} />
        </>
    );
}

function Copy({ paper, whole, words }: { paper: Paper; whole: Whole; words: string }) {
    return (
        <li class="doc-entry">
            <p><span class="quiet small-words">{words}</span></p>
            <p><a href={documentHref(paper.id)} lang={paper.language ?? undefined} dir={directionOf(paper.language)}>{shown(paper.title || outletOf(paper) || paper.id)}</a></p>
            <p class="quiet small-words"><bdi>{shown(outletOf(paper))}</bdi>{paper.published && <> · {date(paper.published)}</>}</p>
            <a href={paper.id === whole.document.copy_of ? documentHref(paper.id, { with: whole.document.id, with_version: whole.document.version }) : differencesHref(whole, paper.id)}>{t("doc_differences")}</a>
        </li>
    );
}

export function Copies({ whole }: { whole: Whole }) {
    return whole.original || whole.copies.length
        ? <ul class="doc-list" aria-label={t("doc_copies")}>
            {whole.original && <Copy paper={whole.original} whole={whole} words={t("doc_is_copy_of")} />}
            {whole.copies.map((paper) => <Copy key={paper.id} paper={paper} whole={whole} words={t("doc_copied_by")} />)}
        </ul>
        : <p class="quiet">{t("doc_no_copies")}</p>;
}

/* Only what a browser may be sent to; everything else stays words. */
function outside(address: string | null): string | null {
    try {
        const url = new URL(address ?? "");
        return ["http:", "https:"].includes(url.protocol) ? url.href : null;
    } catch {
        return null;
    }
}

function Address({ address }: { address: string }) {
    const safe = outside(address);
    return (
        <>
            <bdi class="doc-address" dir="ltr">{shown(address)}</bdi>
            {safe && <a class="doc-outside small-words" href={safe} target="_blank" rel="noopener noreferrer nofollow" data-outside><Icon name="outside" size={13} /> {t("doc_open_outside")}</a>}
        </>
    );
}

function Hash({ value }: { value: string }) {
    return <span class="doc-hash"><code dir="ltr">{value}</code><IconButton icon="copy" label={t("doc_copy_hash")} onClick={() => void copyText(value)} /></span>;
}

const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => <div><dt>{name}</dt><dd>{children}</dd></div>;

function Archived({ capture }: { capture: Capture }) {
    return (
        <Fact name={t("doc_archived_how")}>
            {[capture.media_type, bytes(capture.bytes), capture.time ? t("doc_captured", { date: date(capture.time) }) : t("doc_capture_undated")].filter(Boolean).map((words, i) => <>{i > 0 && " · "}<bdi>{shown(words!)}</bdi></>)}
            <br /><code class="doc-capture" dir="ltr">{capture.id}</code>
        </Fact>
    );
}

export function Facts({ whole }: { whole: Whole }) {
    const { document } = whole;
    const { reading } = document;
    const now = document.versions.find((version) => version.version === document.version);
    const tables = Object.entries(reading.engine).filter(([name, value]) => name !== "version" && value);
    return (
        <dl class="doc-facts">
            <Fact name={t("doc_outlet")}><bdi>{shown(outletOf(document) || "–")}</bdi></Fact>
            {(reading.authors?.length ?? 0) > 0 && <Fact name={t("doc_authors")}>{listed(reading.authors!.map((author) => <bdi>{shown(author)}</bdi>))}</Fact>}
            <Fact name={t("doc_published_on")}>{date(document.published)}{reading.published_from && <span class="quiet"> ({named("dated_by", reading.published_from)})</span>}</Fact>
            {now?.updated && <Fact name={t("doc_updated_on")}>{date(now.updated)}</Fact>}
            <Fact name={t("doc_language")}>{tongue(document.language) || "–"}</Fact>
            <Fact name={t("doc_address")}>{document.url ? <Address address={document.url} /> : t("doc_no_address")}</Fact>
            {document.captures.map((capture) => <Archived key={capture.id} capture={capture} />)}
            <Fact name="SHA-256"><Hash value={document.sha256} /></Fact>
            {may("export") && document.captures.length > 0 && <Fact name={t("doc_bytes")}><ButtonLink icon="download" href={downloadHref(capturePath(document.id), { version: document.version })} download="">{t("doc_download")}</ButtonLink></Fact>}
            <Fact name={t("doc_incidents")}>
                {document.incidents.length ? <ul>{document.incidents.map((id) => {
                    const incident = whole.incidents.get(id);
                    return <li key={id}><a href={incidentHref(id)}><bdi>{incident ? incidentName(incident) : id}</bdi></a></li>;
                })}</ul> : <span class="quiet">{t("doc_tells_of_none")}</span>}
            </Fact>
            <Fact name={t("doc_engine")}>
                <bdi>isnad {reading.engine.version}</bdi>
                <ul class="quiet small-words">{tables.map(([name, value]) => <li key={name}>{named("table", name)} <code dir="ltr">{value}</code></li>)}</ul>
            </Fact>
            {(reading.warnings?.length ?? 0) > 0 && <Fact name={t("doc_warnings")}><ul>{reading.warnings!.map((line) => <li key={line}><bdi>{shown(line)}</bdi></li>)}</ul></Fact>}
        </dl>
    );
}
