# Completion of isnad for bash.
_isnad() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= i
    local commands='read page add import intake incidents show search voices compare export review reread ledger serve users verify head key redact bundle places schema lang estimates doctor version help'
    local documents='--from --published --jobs --max-bytes --offline --public --format'
    local filters='--since --until --country --place --event --effect --least --language --text --disputed --undisputed --order --limit --offset'
    for ((i = 1; i < COMP_CWORD; i++)); do
        case " $commands " in *" ${COMP_WORDS[i]} "*) command=${COMP_WORDS[i]}; break ;; esac
    done
    case $before in
    --from) COMPREPLY=($(compgen -W 'html text jsonl warc' -- "$word")); return ;;
    --what | -w) COMPREPLY=($(compgen -W 'incidents claims documents voices chains tombstones' -- "$word")); return ;;
    --order)
        case $command in
        voices) COMPREPLY=($(compgen -W 'incidents claims first alone last' -- "$word")) ;;
        *) COMPREPLY=($(compgen -W 'date newest figure voices' -- "$word")) ;;
        esac
        return ;;
    --effect) COMPREPLY=($(compgen -W 'killed injured casualties missing detained displaced' -- "$word")); return ;;
    --event) COMPREPLY=($(compgen -W 'air_strike drone_strike shelling explosive clash shooting execution detention protest accident disaster other_attack' -- "$word")); return ;;
    --language) COMPREPLY=($(compgen -W 'ar en' -- "$word")); return ;;
    --format | -f)
        case $command in
        export) COMPREPLY=($(compgen -W 'jsonl csv geojson kml ucdp acled' -- "$word")) ;;
        page) COMPREPLY=($(compgen -W 'table jsonl markdown text' -- "$word")) ;;
        *) COMPREPLY=($(compgen -W 'table jsonl' -- "$word")) ;;
        esac
        return ;;
    --ledger | -l | --map | --urls | --output | -o | --places | --profile | --key | --against | --authority | --request | --stamp) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --rule) COMPREPLY=($(compgen -W 'range ucdp acled independent' -f -- "$word")); return ;;
    --published | -p | --jobs | -j | --max-bytes | --max-upload | --since | --until | --country | --place | --least | --text | --limit | -n | --offset | --address | --port | --span | --who)
        return ;;
    esac
    local options='--help --version'
    case $command in
    read) options+=" $documents --places --profile --mentions --explain" ;;
    page) options+=" $documents --explain --profile --output" ;;
    add) options+=" $documents --reference --copy --progress --no-link --places --profile --ledger" ;;
    import) options+=' --map --urls --fetch --format --ledger --places --profile' ;;
    intake) options+=' --from --max-bytes --offline --format' ;;
    incidents) options+=" $filters --format --ledger --rule --no-sensitive" ;;
    show) options+=' --format --ledger --rule --why --no-sensitive' ;;
    search) options+=' --format --ledger --limit --offset --no-sensitive' ;;
    export) options+=" $filters --format --ledger --what --bom --hxl --raw --output --no-sensitive --rule" ;;
    voices) options+=' --format --ledger --limit --order' ;;
    compare) options+=" ${filters% --order --limit --offset} --format --ledger" ;;
    review) options+=' --format --ledger --limit --places --who --why' ;;
    reread) options+=' --format --ledger --places --profile --dry-run' ;;
    ledger) options+=' --format --ledger --who --replace --repair' ;;
    serve) options+=' --ledger --address --port --remote --rule --places --private-pages --max-upload --accounts --no-accounts --access --base --name --proxy --tls-cert --tls-key' ;;
    users) options+=' --ledger --access --format' ;;
    verify) options+=' --against --authority --format --ledger' ;;
    head) options+=' --key --request --stamp --ledger' ;;
    key) options+=' --format --key --ledger' ;;
    bundle) options+=' --output --ledger --no-sensitive' ;;
    redact) options+=' --span --why --who --format --ledger' ;;
    places) options+=' --format --limit --places --output' ;;
    lang) ;;
    estimates) options+=' --format --ledger' ;;
    doctor) options+=' --format --ledger --places --profile' ;;
    esac
    case $word in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")); return ;;
    esac
    case $command in
    '') COMPREPLY=($(compgen -W "$commands" -- "$word")) ;;
    help) COMPREPLY=($(compgen -W "$commands" -- "$word")) ;;
    schema) COMPREPLY=($(compgen -W 'reading incident page intake compare copies' -- "$word")) ;;
    intake)
        if [ "$before" = intake ]; then
            COMPREPLY=($(compgen -W 'ls' -- "$word"))
        else
            COMPREPLY=($(compgen -f -- "$word"))
        fi ;;
    page)
        if [ "$before" = page ]; then
            COMPREPLY=($(compgen -W 'learn compare copies' -f -- "$word"))
        else
            COMPREPLY=($(compgen -f -- "$word"))
        fi ;;
    compare)
        if [ "$before" = compare ]; then
            COMPREPLY=($(compgen -W 'outlet period place' -- "$word"))
        fi ;;
    places)
        if [ "$before" = places ]; then
            COMPREPLY=($(compgen -W 'find build' -- "$word"))
        else
            COMPREPLY=($(compgen -f -- "$word"))
        fi ;;
    lang)
        if [ "$before" = lang ]; then
            COMPREPLY=($(compgen -W 'check' -- "$word"))
        else
            COMPREPLY=($(compgen -d -- "$word"))
        fi ;;
    key)
        if [ "$before" = key ]; then
            COMPREPLY=($(compgen -W 'new show rotate' -- "$word"))
        else
            COMPREPLY=($(compgen -f -- "$word"))
        fi ;;
    ledger)
        if [ "$before" = ledger ]; then
            COMPREPLY=($(compgen -W 'show copy merge backup restore check link' -- "$word"))
        else
            COMPREPLY=($(compgen -f -- "$word"))
        fi ;;
    estimates)
        case $before in
        estimates) COMPREPLY=($(compgen -W 'check use' -- "$word")) ;;
        use) COMPREPLY=($(compgen -W 'range ucdp acled independent' -f -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
        esac ;;
    review)
        if [ "$before" = review ]; then
            COMPREPLY=($(compgen -W 'accept correct reject merge split attach grade assign comment sensitive settle name add undo next log queue past grades' -- "$word"))
        fi ;;
    read | page | add | import) COMPREPLY=($(compgen -f -- "$word")) ;;
    esac
}
complete -o filenames -F _isnad isnad
