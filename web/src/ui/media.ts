/* What the window is like. */
import { useLayoutEffect, useMemo, useState } from "preact/hooks";

/* Whether a media query holds, as long as it is asked. */
export function useMedia(query: string): boolean {
    const media = useMemo(() => matchMedia(query), [query]);
    const [holds, setHolds] = useState(media.matches);
    useLayoutEffect(() => {
        const changed = () => setHolds(media.matches);
        changed();
        media.addEventListener("change", changed);
        return () => media.removeEventListener("change", changed);
    }, [media]);
    return holds;
}
