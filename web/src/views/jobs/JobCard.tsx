/* One import: how far it is, what came in, what could not be read; it can be stopped. */
import { useState } from "preact/hooks";
import { remove } from "../../api";
import { documentHref } from "../../base";
import { ago, bytes, named, t } from "../../i18n";
import { shown } from "../../text";
import { Button, Chip, errorWords, toast } from "../../ui";
import type { Job } from "./jobs";

const TONES: Record<Job["state"], string | undefined> = { waiting: undefined, running: "accent", done: "good", stopped: "warn", failed: "danger" };
const MOST_LINES = 20;
const MOST_DOCUMENTS = 10;

function Progress({ job }: { job: Job }) {
    const label = job.linking ? t("job_linking") : t("job_progress");
    return (
        <>
            <progress class="job-bar" aria-label={label} {...(job.of && !job.linking ? { max: job.of, value: Math.min(job.done, job.of) } : {})} />
            <p class="quiet small-words numeric">{job.linking ? t("job_linking") : t("job_read", { count: job.read, bytes: bytes(job.bytes) })}</p>
        </>
    );
}

/* What the server calls a text that was pasted. */
const PASTED = "pasted.jsonl";
const inputName = (name: string): string => (name === PASTED ? t("job_pasted") : shown(name));

export function JobCard({ job, onChange }: { job: Job; onChange: () => void }) {
    const [stopping, setStopping] = useState(false);
    const stop = async () => {
        setStopping(true);
        try {
            await remove(`jobs/${encodeURIComponent(job.id)}`);
            onChange();
        } catch (error) {
            toast(errorWords(error), { wrong: true });
        }
        setStopping(false);
    };
    const counts = [
        t("job_added", { count: job.added }), job.claims ? t("job_claims", { count: job.claims }) : "",
        job.known ? t("job_known", { count: job.known }) : "", job.bad ? t("job_bad", { count: job.bad }) : "",
    ].filter(Boolean);
    return (
        <article class="job panel" aria-label={t("job_name", { what: job.inputs.map(inputName).join(", ").slice(0, 80) })}>
            <header class="row">
                <Chip tone={TONES[job.state]}>{named("job", job.state)}</Chip>
                <b class="job-what"><bdi>{job.inputs.slice(0, 3).map(inputName).join(", ")}</bdi>{job.inputs.length > 3 && <> {t("job_and_more", { count: job.inputs.length - 3 })}</>}</b>
                {!job.ended && <Button small kind="danger" busy={stopping} onClick={() => void stop()}>{t("job_stop")}</Button>}
            </header>
            {!job.ended && job.state !== "waiting" && <Progress job={job} />}
            <p class="numeric">{counts.join(" · ")}</p>
            {job.why && <p class="wrong-words"><bdi>{shown(job.why)}</bdi></p>}
            {job.documents.length > 0 && (
                <details>
                    <summary>{t("job_documents")}</summary>
                    <ul class="job-documents">{job.documents.slice(0, MOST_DOCUMENTS).map((id) => <li key={id}><a href={documentHref(id)}><bdi dir="ltr">{shown(id)}</bdi></a></li>)}</ul>
                </details>
            )}
            {job.lines.length > 0 && (
                <details open={job.state === "failed"}>
                    <summary>{t("job_lines")}</summary>
                    <ul class="job-lines">{job.lines.slice(0, MOST_LINES).map((line, i) => <li key={i} dir="ltr">{shown(line)}</li>)}</ul>
                </details>
            )}
            <p class="quiet small-words">{[job.who && shown(job.who), job.ended ? t("job_ended", { ago: ago(job.ended) }) : job.started ? t("job_started", { ago: ago(job.started) }) : ""].filter(Boolean).join(" · ")}</p>
        </article>
    );
}
