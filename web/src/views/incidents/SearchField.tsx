/* The words that are searched for, asked as one stops typing; and what the language of queries can say. */
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n";
import { Icon, Popover } from "../../ui";

const PAUSE_MS = 300;
const EXAMPLES = [
    ["market strike", "query_words"], ['"fuel market"', "query_phrase"], ["hosp* -school", "query_part"], ["killed>=10", "query_figure"],
    ["voices>=2", "query_voices"], ["near:Taiz,20", "query_near"], ["from:2026-01 to:2026-03", "query_dates"],
    ["kind:monitor", "query_kind"], ["stance:denies", "query_denies"], ["disagree:count", "query_parted"],
] as const;

export function SearchField({ text, error, onText }: { text: string; error: string; onText: (text: string, typing: boolean) => void }) {
    const [typed, setTyped] = useState(text);
    const timer = useRef(0);
    const told = useRef(text);
    // Another address may bring other words; what is being typed stays.
    useEffect(() => {
        if (text !== told.current) {
            told.current = text;
            setTyped(text);
        }
    }, [text]);
    useEffect(() => () => clearTimeout(timer.current), []);
    const tell = (value: string, typing: boolean) => {
        clearTimeout(timer.current);
        if (value.trim() !== told.current) {
            const first = typing && told.current === "";
            told.current = value.trim();
            onText(value.trim(), typing && !first);
        }
    };
    const type = (value: string) => {
        setTyped(value);
        clearTimeout(timer.current);
        timer.current = window.setTimeout(() => tell(value, true), PAUSE_MS);
    };
    return (
        <div class="incidents-search" role="search">
            <label class={error ? "search-field wrong" : "search-field"}>
                <Icon name="search" size={16} />
                <span class="unseen">{t("search_label")}</span>
                <input type="search" dir="auto" value={typed} placeholder={t("search_hint")} aria-invalid={error ? true : undefined} aria-describedby={error ? "search-error" : undefined}
                    spellcheck={false} autocomplete="off" enterkeyhint="search"
                    onInput={(event) => type(event.currentTarget.value)}
                    onKeyDown={(event) => event.key === "Enter" && !event.isComposing && tell(event.currentTarget.value, false)} />
            </label>
            <Popover label={t("query_help")} icon="info" align="end" buttonClass="icon-button" content={(close) => (
                <div class="query-help">
                    <p>{t("query_intro")}</p>
                    <ul>
                        {EXAMPLES.map(([example, key]) => (
                            <li key={key}>
                                <button type="button" onClick={() => (close(), setTyped(example), tell(example, false))}><code dir="ltr">{example}</code><span>{t(key)}</span></button>
                            </li>
                        ))}
                    </ul>
                </div>
            )} />
            {error && <p class="search-error" id="search-error" role="alert"><bdi>{error}</bdi></p>}
        </div>
    );
}
