/* Imports: what the server tells of them, asked again when it says that something moved. */
import { useEffect } from "preact/hooks";
import { get } from "../../api";
import { useEvents, useResource } from "../../resource";

export interface Job {
    id: string;
    state: "waiting" | "running" | "done" | "stopped" | "failed";
    /* All is in; incidents are being worked out. */
    linking: boolean;
    done: number;
    /* How many there are; null: not known yet. */
    of: number | null;
    read: number;
    bytes: number;
    added: number;
    known: number;
    bad: number;
    claims: number;
    inputs: string[];
    /* Records that could not be read, a line each. */
    lines: string[];
    documents: string[];
    who: string | null;
    started: string | null;
    ended: string | null;
    why: string | null;
}

const QUIET_MS = 400;
/* Where no events come, it is asked now and then while something runs. */
const ASK_MS = 3000;

export function useJobs(): { all: Job[]; error: unknown; loading: boolean; reload: () => void } {
    const { data, error, loading, reload } = useResource("jobs", (signal) => get<{ jobs: Job[] }>("jobs", undefined, signal));
    useEvents(["job"], reload, QUIET_MS);
    const all = data?.jobs ?? [];
    const running = all.some((job) => !job.ended);
    useEffect(() => {
        const timer = running ? setInterval(reload, ASK_MS) : 0;
        return () => clearInterval(timer);
    }, [running]);
    return { all, error, loading, reload };
}
