import { Title } from "../../frame/Title";
import { t } from "../../i18n";
import type { ViewProps } from "../../routes";
import { Empty } from "../../ui";

/* Stands here until the view is written. */
export default function View({ id }: ViewProps) {
    return <div class="page"><Title words={t("title_document")} /><Empty title={id || t("view_coming")} /></div>;
}
