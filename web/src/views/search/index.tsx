/* Search is part of the incidents' page: an old address leads there. */
import { useEffect } from "preact/hooks";
import { Title } from "../../frame/Title";
import { t } from "../../i18n";
import { go } from "../../router";
import type { ViewProps } from "../../routes";

export default function Search({ query }: ViewProps) {
    useEffect(() => go("incidents", Object.fromEntries(query), { quiet: true }), []);
    return <div class="page"><Title words={t("title_search")} /></div>;
}
