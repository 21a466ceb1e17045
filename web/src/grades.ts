/* The ledger's scale of grades, asked once. */
import { signal } from "@preact/signals";
import { get } from "./api";
import { language } from "./settings";

interface Grade {
    grade: string;
    en: string;
    ar: string;
    says: string;
}

export const grades = signal<readonly Grade[]>([]);
let begun = false;

export function askGrades(): void {
    if (!begun) {
        begun = true;
        // Until the scale is known, grades go by their short names.
        get<{ grades: Grade[] }>("grades").then((answer) => (grades.value = answer.grades), () => (begun = false));
    }
}

export function gradeName(name: string): string {
    const found = grades.value.find((grade) => grade.grade === name);
    return (language.value === "ar" ? found?.ar : found?.en) || name;
}
