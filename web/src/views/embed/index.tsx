/* One incident, small, for a frame on another page: what is told, by how many voices, who denies it, and the chart.
 * Nothing of an account, nothing that acts. */
import { useState } from "preact/hooks";
import { incidentHref } from "../../base";
import { useWidth } from "../../charts/measure";
import { Title } from "../../frame/Title";
import { switchLanguage, t } from "../../i18n";
import { useResource } from "../../resource";
import type { ViewProps } from "../../routes";
import { session } from "../../session";
import { language } from "../../settings";
import { Button, ErrorBox, Icon, Loading, Tabs } from "../../ui";
import { effectName } from "../../vocabulary";
import { effectsOf, RangeOf } from "../incident/Figures";
import { Facts, Verdict } from "../incident/Head";
import { headlineText } from "../incident/parts";
import { loadWhole } from "../incident/story";

export default function View({ id }: ViewProps) {
    const { data: whole, error, reload } = useResource(`incident/${id}`, (signal) => loadWhole(id, signal));
    const [chosen, setChosen] = useState("");
    const { element, width } = useWidth();
    const effects = whole ? effectsOf(whole) : [];
    const effect = effects.includes(chosen) ? chosen : effects[0];
    return (
        <div class="embed">
            {error && !whole ? <ErrorBox error={error} again={reload} /> : !whole ? <Loading /> : (
                <>
                    <Title words={headlineText(whole.incident)} />
                    <Facts whole={whole} />
                </>
            )}
            <div ref={element}>
                {whole && effect && width > 0 && (
                    <Tabs label={t("range_title")} current={effect} onTab={setChosen} tabs={effects.map((each) => ({ key: each, label: effectName(each) }))}>
                        <div class={`effect-${effect}`}><Verdict whole={whole} plain only={effect} /><RangeOf whole={whole} effect={effect} width={width} link={false} /></div>
                    </Tabs>
                )}
            </div>
            <p class="embed-foot">
                <a href={incidentHref(id)} target="_blank" rel="noopener"><Icon name="outside" size={14} /> {t("embed_open")}</a>
                <span class="quiet"><bdi>{session.value?.ledger?.name ?? t("name")}</bdi></span>
                <Button kind="quiet" small onClick={() => void switchLanguage(language.value === "ar" ? "en" : "ar")}>{t("switch_language")}</Button>
            </p>
        </div>
    );
}
