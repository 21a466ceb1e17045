# Completion of isnad for fish.
set -l commands read page add import intake incidents show search voices compare export review reread ledger serve users verify head key redact bundle places schema lang estimates doctor version help
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -f
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a read -d "who said how many were harmed, in each document"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a page -d "the article in each page"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a add -d "read documents into the ledger"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a import -d "a recorder's table into the ledger"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a intake -d "what is in files, whether or not it is read"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a incidents -d "the incidents in the ledger"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a show -d "all that is known of an incident"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a search -d "documents that hold all these words"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a voices -d "who speaks, across all incidents"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a compare -d "two outlets, periods or places beside each other"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a export -d "incidents, claims, documents, voices or chains as a file"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a review -d "what people say of what was read"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a reread -d "read what the ledger keeps again"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a ledger -d "what is done with a ledger as a whole"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a serve -d "the ledger in a web browser"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a users -d "accounts of the workspace"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a verify -d "check that nothing stored was changed or removed"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a head -d "sign the log as it stands"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a key -d "the private key that signs heads"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a redact -d "destroy content that must go"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a bundle -d "the evidence of an incident, for strangers to check"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a places -d "look a place up, or make a gazetteer"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a schema -d "the JSON Schema of a format"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a lang -d "check the words and rules of lang/"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a estimates -d "the rules by which low, best and high are drawn"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a doctor -d "check libraries, tables, ledger and terminal"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a version -d "the version"
complete -c isnad -n "not __fish_seen_subcommand_from $commands" -a help -d "how to use a command"
complete -c isnad -n "__fish_seen_subcommand_from incidents show search voices compare export review reread serve verify head redact bundle schema doctor help" -f
complete -c isnad -n "__fish_seen_subcommand_from help" -a "$commands"
complete -c isnad -n "__fish_seen_subcommand_from schema" -a "reading incident page intake compare copies"
complete -c isnad -n "__fish_seen_subcommand_from intake; and not __fish_seen_subcommand_from ls" -a ls
complete -c isnad -n "__fish_seen_subcommand_from lang; and not __fish_seen_subcommand_from check" -a check
complete -c isnad -n "__fish_seen_subcommand_from places; and not __fish_seen_subcommand_from find build" -a "find build"
complete -c isnad -s h -l help -d "how to use it"
complete -c isnad -s V -l version -d "the version"
complete -c isnad -n "__fish_seen_subcommand_from add import incidents show search voices compare export review reread ledger serve users verify head key redact bundle doctor estimates" -s l -l ledger -d "the ledger" -r
complete -c isnad -n "__fish_seen_subcommand_from export" -s f -l format -d "how to write" -x -a "jsonl csv geojson kml ucdp acled"
complete -c isnad -n "__fish_seen_subcommand_from page" -s f -l format -d "how to print" -x -a "table jsonl markdown text"
complete -c isnad -n "__fish_seen_subcommand_from read add import intake incidents show search voices compare review reread ledger verify key redact places doctor estimates" -s f -l format -d "how to print" -x -a "table jsonl"
complete -c isnad -n "__fish_seen_subcommand_from read page add intake" -l from -d "what the input is" -x -a "html text jsonl warc"
complete -c isnad -n "__fish_seen_subcommand_from read page add" -s p -l published -d "for pages that tell no date" -x
complete -c isnad -n "__fish_seen_subcommand_from read page add" -s j -l jobs -d "documents read at the same time" -x
complete -c isnad -n "__fish_seen_subcommand_from read page add intake" -l max-bytes -d "read so much of a page" -x
complete -c isnad -n "__fish_seen_subcommand_from read page add intake" -l offline -d "fetch nothing"
complete -c isnad -n "__fish_seen_subcommand_from read page add" -l public -d "fetch from public addresses alone"
complete -c isnad -n "__fish_seen_subcommand_from add" -l progress -d "tell programs how far it is" -x -a json
complete -c isnad -n "__fish_seen_subcommand_from add" -l no-link -d "leave the incidents as they are"
complete -c isnad -n "__fish_seen_subcommand_from add" -l reference -d "leave captures in their WARC files"
complete -c isnad -n "__fish_seen_subcommand_from add" -l copy -d "copy the captures of every WARC file"
complete -c isnad -n "__fish_seen_subcommand_from read" -s m -l mentions -d "every number"
complete -c isnad -n "__fish_seen_subcommand_from read page" -s e -l explain -d "which rules"
complete -c isnad -n "__fish_seen_subcommand_from read add import places doctor review reread serve" -l places -d "a gazetteer" -r
complete -c isnad -n "__fish_seen_subcommand_from read page add import doctor reread" -l profile -d "what the pages of a site share" -r
complete -c isnad -n "__fish_seen_subcommand_from page; and not __fish_seen_subcommand_from learn compare copies" -a "learn compare copies"
complete -c isnad -n "__fish_seen_subcommand_from incidents export compare" -l since -d "on or after a day" -x
complete -c isnad -n "__fish_seen_subcommand_from incidents export compare" -l until -d "on or before a day" -x
complete -c isnad -n "__fish_seen_subcommand_from incidents export compare" -l country -d "ISO 3166 code" -x
complete -c isnad -n "__fish_seen_subcommand_from incidents export compare" -l place -d "part of a place's name" -x
complete -c isnad -n "__fish_seen_subcommand_from incidents export compare" -l event -d "type" -x -a "air_strike drone_strike shelling explosive clash shooting execution detention protest accident disaster other_attack"
complete -c isnad -n "__fish_seen_subcommand_from incidents export compare" -l effect -d "kind" -x -a "killed injured casualties missing detained displaced"
complete -c isnad -n "__fish_seen_subcommand_from incidents export compare" -l least -d "some figure is at least so many" -x
complete -c isnad -n "__fish_seen_subcommand_from incidents export compare" -l language -d "some document is in it" -x -a "ar en"
complete -c isnad -n "__fish_seen_subcommand_from incidents export compare" -l text -d "some document has these words" -x
complete -c isnad -n "__fish_seen_subcommand_from incidents export compare" -l disputed -d "only where the accounts part"
complete -c isnad -n "__fish_seen_subcommand_from incidents export compare" -l undisputed -d "only where they do not"
complete -c isnad -n "__fish_seen_subcommand_from incidents export" -l order -d "of the list" -x -a "date newest figure voices"
complete -c isnad -n "__fish_seen_subcommand_from incidents search export places voices review" -s n -l limit -d "print so many" -x
complete -c isnad -n "__fish_seen_subcommand_from incidents search export" -l offset -d "leave out the first" -x
complete -c isnad -n "__fish_seen_subcommand_from incidents show search export bundle" -l no-sensitive -d "leave out what is marked sensitive"
complete -c isnad -n "__fish_seen_subcommand_from export" -s w -l what -d "what to write" -x -a "incidents claims documents voices chains tombstones"
complete -c isnad -n "__fish_seen_subcommand_from export" -l bom -d "begin CSV with a byte order mark"
complete -c isnad -n "__fish_seen_subcommand_from import" -l map -d "which column holds what" -r
complete -c isnad -n "__fish_seen_subcommand_from import" -l urls -d "write the addresses named" -r
complete -c isnad -n "__fish_seen_subcommand_from import" -l fetch -d "add the pages named"
complete -c isnad -n "__fish_seen_subcommand_from review ledger" -l who -d "who says it" -x
complete -c isnad -n "__fish_seen_subcommand_from review" -l why -d "why" -x
complete -c isnad -n "__fish_seen_subcommand_from reread" -l dry-run -d "change nothing"
complete -c isnad -n "__fish_seen_subcommand_from ledger; and not __fish_seen_subcommand_from show copy merge backup restore check link" -a "show copy merge backup restore check link"
complete -c isnad -n "__fish_seen_subcommand_from ledger" -l replace -d "a ledger that has the name already gives way"
complete -c isnad -n "__fish_seen_subcommand_from ledger" -l repair -d "make again what follows from the rest"
set -l acts accept correct reject merge split attach grade assign comment sensitive settle name add undo next log queue past grades
complete -c isnad -n "__fish_seen_subcommand_from review; and not __fish_seen_subcommand_from $acts" -a "$acts"
complete -c isnad -n "__fish_seen_subcommand_from export" -l hxl -d 'A second row of hashtags'
complete -c isnad -n "__fish_seen_subcommand_from export" -l raw -d "leave cells like formulas"
complete -c isnad -n "__fish_seen_subcommand_from show" -l why -d "what binds its accounts to one another"
complete -c isnad -n "__fish_seen_subcommand_from key; and not __fish_seen_subcommand_from new show rotate" -a "new show rotate"
complete -c isnad -n "__fish_seen_subcommand_from key head" -l key -d "the private key" -r
complete -c isnad -n "__fish_seen_subcommand_from verify" -l against -d "heads kept elsewhere" -r
complete -c isnad -n "__fish_seen_subcommand_from verify" -l authority -d "certificates of time stamping authorities" -r
complete -c isnad -n "__fish_seen_subcommand_from head" -l request -d "write the query for a time stamping authority" -r
complete -c isnad -n "__fish_seen_subcommand_from head" -l stamp -d "keep the answer of a time stamping authority" -r
complete -c isnad -n "__fish_seen_subcommand_from redact" -l span -d "only these code points of the text" -x
complete -c isnad -n "__fish_seen_subcommand_from redact" -l why -d "why it must go" -x
complete -c isnad -n "__fish_seen_subcommand_from redact" -l who -d "who decides it" -x
complete -c isnad -n "__fish_seen_subcommand_from page places export bundle" -s o -l output -d "write to this file" -r
complete -c isnad -n "__fish_seen_subcommand_from serve" -l address -d "to listen on" -x
complete -c isnad -n "__fish_seen_subcommand_from serve" -l remote -d "let other machines in"
complete -c isnad -n "__fish_seen_subcommand_from serve" -l private-pages -d "let pages of private networks be fetched"
complete -c isnad -n "__fish_seen_subcommand_from serve" -l max-upload -d "take files of so many bytes" -x
complete -c isnad -n "__fish_seen_subcommand_from serve" -l accounts -d "for those who have an account"
complete -c isnad -n "__fish_seen_subcommand_from serve" -l no-accounts -d "one person at this machine"
complete -c isnad -n "__fish_seen_subcommand_from serve users" -l access -d "the file of accounts" -r
complete -c isnad -n "__fish_seen_subcommand_from users" -f -a "list add role password disable enable remove"
complete -c isnad -n "__fish_seen_subcommand_from serve" -l port -d "to listen on" -x
complete -c isnad -n "__fish_seen_subcommand_from serve" -l base -d "path it is found under" -x
complete -c isnad -n "__fish_seen_subcommand_from serve" -l name -d "further names" -x
complete -c isnad -n "__fish_seen_subcommand_from serve" -l proxy -d "believe a proxy"
complete -c isnad -n "__fish_seen_subcommand_from serve" -l tls-cert -d "certificate" -r
complete -c isnad -n "__fish_seen_subcommand_from serve" -l tls-key -d "its private key" -r
complete -c isnad -n "__fish_seen_subcommand_from incidents show export serve" -l rule -d "by which estimates are drawn" -r -a "range ucdp acled independent"
complete -c isnad -n "__fish_seen_subcommand_from estimates; and not __fish_seen_subcommand_from check use" -a "check use"
complete -c isnad -n "__fish_seen_subcommand_from use" -a "range ucdp acled independent"
