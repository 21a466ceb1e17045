import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import { language } from "../settings";

export interface Tab {
    key: string;
    label: ComponentChildren;
}

/* Tabs over one panel. The arrow keys move along the line, whichever way it runs. */
export function Tabs({ tabs, current, onTab, label, children }: { tabs: readonly Tab[]; current: string; onTab: (key: string) => void; label: string; children: ComponentChildren }) {
    const id = useId();
    const list = useRef<HTMLDivElement>(null);
    const move = (event: KeyboardEvent) => {
        const at = tabs.findIndex((tab) => tab.key === current);
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        const along = step === undefined ? undefined : at + (language.value === "ar" ? -step : step);
        const next = along ?? { Home: 0, End: tabs.length - 1 }[event.key];
        if (next !== undefined) {
            event.preventDefault();
            const tab = tabs[(next + tabs.length) % tabs.length]!;
            onTab(tab.key);
            list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(tab.key)}"]`)?.focus();
        }
    };
    return (
        <>
            <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
                {tabs.map((tab) => (
                    <button key={tab.key} data-key={tab.key} type="button" role="tab" id={`${id}-${tab.key}`} aria-selected={tab.key === current} aria-controls={id} tabIndex={tab.key === current ? 0 : -1} onClick={() => onTab(tab.key)}>
                        {tab.label}
                    </button>
                ))}
            </div>
            <div role="tabpanel" id={id} aria-labelledby={`${id}-${current}`} tabIndex={-1} class="tab-panel">{children}</div>
        </>
    );
}
