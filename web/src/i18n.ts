/* The reader's language: words, numbers, dates. Everything here reads signals, so that what was drawn with it is
 * drawn again when the language, the digits or the calendar changes. */
import { computed, signal } from "@preact/signals";
import { createElement, Fragment, type ComponentChildren, type VNode } from "preact";
import { digits, hijri, keepLanguage, language, type Language } from "./settings";

export type Values = Record<string, string | number>;

const words = signal<Messages>({});
const load: Record<Language, () => Promise<{ default: Messages }>> = {
    ar: () => import("messages:ar"),
    en: () => import("messages:en"),
};

/* Loads the words of a language, then turns the page to it. */
export async function speak(code: Language): Promise<void> {
    words.value = (await load[code]()).default;
    language.value = code;
    document.documentElement.lang = code;
    document.documentElement.dir = code === "ar" ? "rtl" : "ltr";
}

export async function switchLanguage(code: Language): Promise<void> {
    await speak(code);
    keepLanguage(code);
}

const formats = computed(() => {
    const base = language.value === "ar" ? "ar" : "en-GB";
    const locale = `${base}-u-ca-gregory-nu-${language.value === "ar" ? digits.value : "latn"}`;
    const islamic = locale.replace("gregory", "islamic-umalqura");
    const whole = { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" } as const;
    return {
        number: new Intl.NumberFormat(locale),
        compact: new Intl.NumberFormat(locale, { notation: "compact" }),
        size: (unit: string) => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 }),
        percent: new Intl.NumberFormat(locale, { style: "percent" }),
        plural: new Intl.PluralRules(base),
        regions: new Intl.DisplayNames(base, { type: "region" }),
        tongues: new Intl.DisplayNames(base, { type: "language" }),
        list: new Intl.ListFormat(base, { type: "conjunction" }),
        relative: new Intl.RelativeTimeFormat(locale, { numeric: "auto" }),
        collator: new Intl.Collator(base),
        day: new Intl.DateTimeFormat(locale, whole),
        month: new Intl.DateTimeFormat(locale, { timeZone: "UTC", month: "long", year: "numeric" }),
        year: new Intl.DateTimeFormat(locale, { timeZone: "UTC", year: "numeric" }),
        minute: new Intl.DateTimeFormat(locale, { ...whole, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
        hijri: new Intl.DateTimeFormat(islamic, { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" }),
        hijriMonth: new Intl.DateTimeFormat(islamic, { timeZone: "UTC", month: "long", year: "numeric" }),
    };
});

function pattern(key: string, values: Values): string {
    const found = words.value[key];
    if (found === undefined) {
        return key;
    }
    if (typeof found === "string") {
        return found;
    }
    return found[formats.value.plural.select(Number(values.count ?? 0))] ?? found.other ?? key;
}

const filler = (values: Values, name: string): string | number | undefined =>
    name === "n" && values.n === undefined ? values.count : values[name];

/* A message; {name} is filled in, a number as the language writes it. `count` chooses the plural form and is {n}. */
export function t(key: string, values: Values = {}): string {
    return pattern(key, values).replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = filler(values, name);
        return value === undefined ? whole : typeof value === "number" ? number(value) : value;
    });
}

/* The same with elements in the gaps; text in a gap is kept apart from the sentence's direction. */
export function rich(key: string, values: Record<string, ComponentChildren>): VNode {
    const plain = Object.fromEntries(Object.entries(values).filter(([, v]) => typeof v === "number" || typeof v === "string")) as Values;
    const parts = pattern(key, plain).split(/\{(\w+)\}/).map((part, i) => {
        if (i % 2 === 0) {
            return part;
        }
        const value = part === "n" && values.n === undefined ? values.count : values[part];
        return typeof value === "string" || typeof value === "number"
            ? createElement("bdi", null, typeof value === "number" ? number(value) : value)
            : value;
    });
    return createElement(Fragment, null, ...parts);
}

/* A word of a vocabulary: named("effect", "killed") is the message "effect.killed". What is not known is shown as it is. */
export function named(vocabulary: string, value: string | null | undefined): string {
    const found = words.value[`${vocabulary}.${value ?? ""}`];
    return typeof found === "string" ? found : (value ?? "");
}

/* The form of a word that goes with a number: namedFor("among", "child", 3). */
export function namedFor(vocabulary: string, value: string, count: number): string {
    const found = words.value[`${vocabulary}.${value}`];
    return typeof found === "object" ? (found[formats.value.plural.select(count)] ?? found.other ?? "") : (found ?? "");
}

/* "3 incidents", the number set off; where the words say it themselves, as the Arabic dual does, they are. */
export function strongCount(key: string, count: number, n: ComponentChildren = number(count)): VNode<any> {
    const [before, after] = t(key, { count, n: "\0" }).split("\0");
    return after === undefined
        ? createElement("b", { class: "figure" }, before)
        : createElement(Fragment, null, before, createElement("b", { class: "figure" }, n), after);
}

export const has = (key: string): boolean => key in words.value;
export const number = (n: number): string => formats.value.number.format(n);
/* "12K": for where there is no room. */
/* Digits as the reader has them, what stands between them untouched. */
export const inDigits = (text: string): string => text.replace(/\d/g, (digit) => number(Number(digit)));
export const compact = (n: number): string => formats.value.compact.format(n);
/* "3.4 MB". */
export function bytes(n: number): string {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
    const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(n, 1)) / 3));
    return formats.value.size(units[step]!).format(n / 1000 ** step);
}
export const percent = (share: number): string => formats.value.percent.format(share);
export const compare = (a: string, b: string): number => formats.value.collator.compare(a, b);

/* Elements with the language's commas and "and" between them. They are mostly names, in any script: the Arabic "and" would
 * cling to a Latin one, so in Arabic commas stand between all. */
export function listed(parts: ComponentChildren[]): VNode {
    let next = 0;
    const joined = formats.value.list.formatToParts(parts.map(() => "x")).map((part) => (part.type === "element" ? parts[next++] : part.value === " و" ? "، " : part.value));
    return createElement(Fragment, null, ...joined);
}

export const listedText = (parts: string[]): string => formats.value.list.format(parts);

function displayed(names: Intl.DisplayNames, code: string | null | undefined): string {
    try {
        return code ? (names.of(code) ?? code) : "";
    } catch {
        return code ?? "";
    }
}
export const country = (code: string | null | undefined): string => displayed(formats.value.regions, code);
export const tongue = (code: string | null | undefined): string => displayed(formats.value.tongues, code);

interface Parsed {
    time: Date;
    format: Intl.DateTimeFormat;
    hijri: Intl.DateTimeFormat | null;
}

function parsed(value: string | undefined): Parsed | null {
    const found = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:T(\d{2}):(\d{2}))?/.exec(value ?? "");
    if (!found) {
        return null;
    }
    const [, year, month, day, hour, minute] = found;
    const time = new Date(Date.UTC(+year!, +(month ?? 1) - 1, +(day ?? 1), +(hour ?? 0), +(minute ?? 0)));
    const f = formats.value;
    return { time, format: hour ? f.minute : day ? f.day : month ? f.month : f.year, hijri: day ? f.hijri : month ? f.hijriMonth : null };
}

/* "2021-01-13", "2021-01", "2021-01-14T09:30", "2021-01-12/2021-01-13" in words; with the Hijri date where it is wished. */
export function date(value: string | null | undefined, withHijri: boolean = hijri.value): string {
    const [first, second] = (value ?? "").split("/").map(parsed);
    if (!first) {
        return t("unknown_date");
    }
    const ranged = second && second.time > first.time ? second : null;
    const text = ranged ? first.format.formatRange(first.time, ranged.time) : first.format.format(first.time);
    if (!withHijri || !first.hijri) {
        return text;
    }
    return t("date_with_hijri", { date: text, hijri: ranged ? first.hijri.formatRange(first.time, ranged.time) : first.hijri.format(first.time) });
}

/* The Hijri date alone, for where the two stand apart; "" where it is not wished or there is none. */
export function hijriDate(value: string | null | undefined): string {
    const [first, second] = (value ?? "").split("/").map(parsed);
    if (!hijri.value || !first?.hijri) {
        return "";
    }
    return second && second.time > first.time ? first.hijri.formatRange(first.time, second.time) : first.hijri.format(first.time);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60]];

/* "3 hours ago", "now", of an ISO time. */
export function ago(value: string, now: number = Date.now()): string {
    const seconds = (Date.parse(value) - now) / 1000;
    const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
    return Number.isNaN(seconds) ? "" : formats.value.relative.format(unit === "second" ? 0 : Math.trunc(seconds / size), unit);
}
