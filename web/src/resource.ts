/* What a view asks of the server, as a hook: asked again when its key changes, the old answer kept until the new is there. */
import { useEffect, useRef, useState } from "preact/hooks";
import { aborted } from "./api";
import { on, type EventName } from "./events";

export interface Resource<T> {
    data: T | null;
    error: unknown;
    loading: boolean;
    reload: () => void;
}

/* `key` says what is asked: an address with its parameters; null asks nothing. */
export function useResource<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Resource<T> {
    const [state, setState] = useState<{ data: T | null; error: unknown; loading: boolean }>({ data: null, error: null, loading: key !== null });
    const [round, setRound] = useState(0);
    const latest = useRef(load);
    latest.current = load;
    useEffect(() => {
        if (key === null) {
            setState({ data: null, error: null, loading: false });
            return;
        }
        const controller = new AbortController();
        setState((was) => ({ ...was, error: null, loading: true }));
        latest.current(controller.signal).then(
            (data) => !controller.signal.aborted && setState({ data, error: null, loading: false }),
            (error: unknown) => !aborted(error) && !controller.signal.aborted && setState((was) => ({ data: was.data, error, loading: false })),
        );
        return () => controller.abort();
    }, [key, round]);
    return { ...state, reload: () => setRound((n) => n + 1) };
}

/* Calls back at events of these names that concern the view while it stands, at most once in `quiet` milliseconds. */
export function useEvents(names: readonly EventName[], call: (name: EventName, data: unknown) => void, quiet = 0, concerns: (name: EventName, data: unknown) => boolean = () => true): void {
    const latest = useRef({ call, concerns });
    latest.current = { call, concerns };
    useEffect(() => {
        let timer = 0;
        const ends = names.map((name) => on(name, (data) => {
            if (!latest.current.concerns(name, data)) {
                return;
            }
            if (!quiet) {
                latest.current.call(name, data);
            } else if (!timer) {
                timer = window.setTimeout(() => ((timer = 0), latest.current.call(name, data)), quiet);
            }
        }));
        return () => {
            clearTimeout(timer);
            ends.forEach((end) => end());
        };
    }, [names.join()]);
}

/* Whether an event is about one of these incidents, or does not say which it is about. */
export function touches(data: unknown, ids: readonly string[]): boolean {
    const of = (data as { incidents?: unknown } | null)?.incidents;
    return !Array.isArray(of) || of.some((id) => ids.includes(id as string));
}
