/* What one reviewer proposed and another has to confirm. */
import { useState } from "preact/hooks";
import { decide } from "../../acts";
import { ActDialog } from "../../ActDialog";
import { get } from "../../api";
import { documentHref, incidentHref } from "../../base";
import { ago, date, rich, t } from "../../i18n";
import { IncidentLink } from "../../reading/short";
import { useEvents, useResource } from "../../resource";
import { may } from "../../session";
import type { Incident } from "../../shapes";
import { shown } from "../../text";
import { Button, Chip, Empty, ErrorBox, errorWords, Loading, toast } from "../../ui";
import { actName } from "../../vocabulary";
import type { Proposal } from "./shapes";

const hrefOf = (id: string): string | null => (id.startsWith("i-") ? incidentHref(id) : id.startsWith("c-") || id.startsWith("s-") ? null : documentHref(id));

function Id({ id }: { id: string }) {
    const words = <bdi dir="ltr">{shown(id).slice(0, 60)}</bdi>;
    const to = hrefOf(id);
    return to ? <a href={to}>{words}</a> : words;
}

/* An incident by what happened, where and when, as soon as that is known. */
function Of({ id }: { id: string }) {
    const { data } = useResource(`incidents/${id}`, (signal) => get<Incident>("incidents/" + encodeURIComponent(id), {}, signal));
    return data ? <span><IncidentLink incident={data} /></span> : <Id id={id} />;
}

function Row({ proposal, onDone }: { proposal: Proposal; onDone: () => void }) {
    const [refusing, setRefusing] = useState(false);
    const [busy, setBusy] = useState(false);
    const confirm = async () => {
        setBusy(true);
        try {
            await decide(proposal.id, "confirm", proposal.changed ? { changed: true } : {});
            onDone();
        } catch (error) {
            toast(errorWords(error), { wrong: true });
        }
        setBusy(false);
    };
    return (
        <li class="panel proposal">
            <p class="row"><b>{actName(proposal.kind)}</b><span>{rich("review_proposed_by", { who: <bdi>{shown(proposal.who)}</bdi> })}</span><time class="quiet" title={date(proposal.time)}>{ago(proposal.time)}</time>{proposal.changed && <Chip tone="warn">{t("review_proposal_changed")}</Chip>}</p>
            <p class="row">{proposal.ids.map((id) => (id.startsWith("i-") ? <Of key={id} id={id} /> : <Id key={id} id={id} />))}</p>
            {proposal.values.length > 0 && <p><bdi>{shown(proposal.values.join("; "))}</bdi></p>}
            {proposal.why && <p class="quiet"><bdi>{shown(proposal.why)}</bdi></p>}
            {proposal.own ? <p class="quiet small-words">{t("review_own_proposal")}</p> : may("review") && (
                <div class="row"><Button kind="strong" icon="check" busy={busy} onClick={() => void confirm()}>{proposal.changed ? t("review_confirm_changed") : t("review_confirm")}</Button><Button onClick={() => setRefusing(true)}>{t("review_refuse")}</Button></div>
            )}
            {refusing && <ActDialog title={t("review_refuse")} verb={t("review_refuse")} danger why="needed" onClose={() => setRefusing(false)} onDone={onDone} say={(why) => decide(proposal.id, "refuse", { why: why.trim() })} />}
        </li>
    );
}

export function useProposals() {
    const found = useResource("proposals", (signal) => get<{ proposals: Proposal[] }>("proposals", {}, signal));
    useEvents(["proposal"], found.reload, 300);
    return found;
}

export function Proposals({ found, onDone }: { found: ReturnType<typeof useProposals>; onDone: () => void }) {
    const rows = found.data?.proposals ?? [];
    if (!found.data) {
        return found.error ? <ErrorBox error={found.error} again={found.reload} /> : <Loading />;
    }
    return rows.length ? <ol class="proposals">{rows.map((proposal) => <Row key={proposal.id} proposal={proposal} onDone={() => (found.reload(), onDone())} />)}</ol> : <Empty title={t("review_no_proposals")} icon="check" />;
}
