/* What is put in: files, an address or a text. One thing can be read before it is kept; what is kept goes in by an
 * import, whose progress stands on the page. */
import { useEffect, useRef, useState } from "preact/hooks";
import { aborted, post, postOnce } from "../../api";
import { href } from "../../base";
import { Title } from "../../frame/Title";
import { t } from "../../i18n";
import { go } from "../../router";
import type { ViewProps } from "../../routes";
import { Button, errorWords, Field, Input, Loading, Tabs, TextArea, toast } from "../../ui";
import { JobCard } from "../jobs/JobCard";
import { useJobs, type Job } from "../jobs/jobs";
import { FilesInput } from "./FilesInput";
import { Preview, type ReadAnswer } from "./Preview";
import { sendFiles, type Sent } from "./uploads";

type Way = "files" | "address" | "text";

interface Typed {
    url: string;
    text: string;
    title: string;
    published: string;
    from: string;
}

const NOTHING: Typed = { url: "", text: "", title: "", published: "", from: "" };

/* What the server is asked to read or to keep, of a text or an address. */
function bodyOf(way: Way, typed: Typed): Record<string, string> {
    const told = Object.entries(way === "address" ? { url: typed.url.trim() } : { text: typed.text, title: typed.title.trim(), published: typed.published, url: typed.from.trim() });
    return Object.fromEntries(told.filter(([, value]) => value));
}

const keepBody = (way: Way, typed: Typed): Record<string, unknown> => (way === "address" ? { urls: typed.url.trim().split(/\s+/) } : bodyOf(way, typed));

function TextInputs({ typed, onTyped }: { typed: Typed; onTyped: (part: Partial<Typed>) => void }) {
    return (
        <>
            <Field label={t("add_text_label")} hint={t("add_text_hint")}><TextArea rows={10} value={typed.text} onInput={(event) => onTyped({ text: event.currentTarget.value })} /></Field>
            <div class="add-facts">
                <Field label={t("add_text_title")}><Input value={typed.title} onInput={(event) => onTyped({ title: event.currentTarget.value })} /></Field>
                <Field label={t("add_text_published")} hint={t("add_text_published_hint")}><Input type="date" dir="ltr" value={typed.published} onInput={(event) => onTyped({ published: event.currentTarget.value })} /></Field>
                <Field label={t("add_text_from")}><Input type="url" dir="ltr" inputMode="url" value={typed.from} onInput={(event) => onTyped({ from: event.currentTarget.value })} /></Field>
            </div>
        </>
    );
}

export default function View({ query }: ViewProps) {
    const way = (["files", "address", "text"] as const).find((one) => one === query.get("by")) ?? "files";
    const [typed, setTyped] = useState<Typed>({ ...NOTHING, url: query.get("url") ?? "" });
    const [files, setFiles] = useState<Sent[]>([]);
    const [read, setRead] = useState<ReadAnswer | null>(null);
    const [busy, setBusy] = useState<"" | "read" | "keep">("");
    const [wrong, setWrong] = useState("");
    const [mine, setMine] = useState<string[]>([]);
    const jobs = useJobs();
    const work = useRef<AbortController | null>(null);
    useEffect(() => () => work.current?.abort(), []);

    const change = (part: Partial<Typed>) => {
        setTyped((was) => ({ ...was, ...part }));
        setWrong("");
    };
    const stop = () => {
        work.current?.abort();
        setBusy("");
    };
    const choose = (next: string) => {
        stop();
        go("add", { by: next === "files" ? null : next }, { quiet: true });
        setWrong("");
        setRead(null);
    };
    const ready = way === "files" ? files.length > 0 : way === "address" ? typed.url.trim() !== "" : typed.text.trim() !== "";
    const several = way === "files" ? files.length > 1 : way === "address" && typed.url.trim().split(/\s+/).length > 1;

    async function attempt(what: "read" | "keep", call: (signal: AbortSignal) => Promise<void>): Promise<void> {
        work.current?.abort();
        work.current = new AbortController();
        const { signal } = work.current;
        setBusy(what);
        setWrong("");
        try {
            await call(signal);
        } catch (error) {
            if (!aborted(error)) {
                setWrong(errorWords(error));
            }
        }
        if (!signal.aborted) {
            setBusy("");
        }
    }

    const sent = (signal: AbortSignal) => sendFiles(files, setFiles, signal);
    const readIt = () => attempt("read", async (signal) => {
        setRead(null);
        const body = way === "files" ? { upload: (await sent(signal))[0] } : bodyOf(way, typed);
        setRead(await post<ReadAnswer>("read", body, { signal }));
    });
    const keepIt = () => attempt("keep", async (signal) => {
        const body = way === "files" ? { uploads: await sent(signal) } : keepBody(way, typed);
        const job = await postOnce<Job>("jobs", body, undefined, { signal });
        setMine((was) => [job.id, ...was]);
        jobs.reload();
        setFiles([]);
        setTyped(NOTHING);
        setRead(null);
        toast(t("add_started"));
    });
    return (
        <div class="page add">
            <header class="page-head"><Title words={t("title_add")} /><a href={href("jobs")}>{t("add_all_imports")}</a></header>
            <div class="add-columns">
                <section class="add-input" aria-label={t("add_what")}>
                    <Tabs label={t("add_what")} current={way} onTab={choose} tabs={[
                        { key: "files", label: t("add_files") }, { key: "address", label: t("add_address") }, { key: "text", label: t("add_text") }]}>
                        <form class="stack add-form" onSubmit={(event) => (event.preventDefault(), void (several ? keepIt() : readIt()))}>
                            {way === "files" && <FilesInput files={files} onFiles={(next) => (setFiles(next), setRead(null), setWrong(""))} busy={busy !== ""} />}
                            {way === "address" && (
                                <Field label={t("add_address_label")} hint={t("add_address_hint")}>
                                    <TextArea rows={3} dir="ltr" inputMode="url" spellcheck={false} value={typed.url} onInput={(event) => change({ url: event.currentTarget.value })} />
                                </Field>
                            )}
                            {way === "text" && <TextInputs typed={typed} onTyped={change} />}
                            {wrong && <p class="wrong-words" role="alert"><bdi>{wrong}</bdi></p>}
                            <div class="row">
                                {!several && <Button type="submit" kind={read ? "plain" : "strong"} disabled={!ready} busy={busy === "read"} icon="eye">{t("add_read")}</Button>}
                                <Button kind={several || read ? "strong" : "plain"} type={several ? "submit" : "button"} disabled={!ready} busy={busy === "keep"} icon="add" onClick={several ? undefined : () => void keepIt()}>
                                    {several ? t("add_keep_all", { count: way === "files" ? files.length : typed.url.trim().split(/\s+/).length }) : t("add_keep")}
                                </Button>
                                {busy && <Button kind="quiet" onClick={stop}>{t("add_stop_sending")}</Button>}
                            </div>
                        </form>
                    </Tabs>
                    {jobs.all.filter((job) => mine.includes(job.id) || !job.ended).map((job) => <JobCard key={job.id} job={job} onChange={jobs.reload} />)}
                </section>
                <section class="add-read" aria-label={t("add_what_was_read")}>
                    <p class="unseen" role="status">{read ? t("add_claims_read", { count: read.reading.claims.length }) : ""}</p>
                    {busy === "read" ? <Loading label={t("add_reading")} /> : read ? <Preview answer={read} /> : <p class="add-waits quiet">{t("add_waits")}</p>}
                </section>
            </div>
        </div>
    );
}
