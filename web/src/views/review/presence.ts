/* Who is looking at the same thing now. It is told anew every half minute, and at once when somebody comes or goes. */
import { useEffect, useState } from "preact/hooks";
import { post } from "../../api";
import { useEvents } from "../../resource";
import { may } from "../../session";

interface Other {
    name: string;
    since: string;
}

const AGAIN_MS = 30000;

export function usePresence(at: string | null): Other[] {
    const [others, setOthers] = useState<Other[]>([]);
    const [round, setRound] = useState(0);
    const told = may("review") ? at : null;
    useEvents(["presence"], () => setRound((n) => n + 1), 500, (_, data) => told !== null && (data as { at?: string } | null)?.at === told);
    useEffect(() => {
        setOthers([]);
    }, [told]);
    useEffect(() => {
        if (!told) {
            return;
        }
        let standing = true;
        // Who is there is good to know, never needed: a failure says nothing.
        const say = () => void post<{ others: Other[] }>("presence", { at: told }).then((answer) => standing && setOthers(answer.others), () => undefined);
        say();
        const timer = setInterval(say, AGAIN_MS);
        return () => {
            standing = false;
            clearInterval(timer);
        };
    }, [told, round]);
    return others;
}
