"""The words of Koban's health: a line for each link of the chain, its repair, and what fills their places.

`addon.health` says when each is said. Their further languages are in `rules/texts`, in the group `words`.
"""

from collections.abc import Mapping

from rules.model import Text

LINES: Mapping[str, Text] = {
    "versions": Text(ja="バージョン: {versions}", en="Versions: {versions}"),
    "read-only": Text(
        ja="フォルダ {folder}: 書き込めません。設定も記録も保存できません（これまでの分は残っています）",
        en="The folder {folder} cannot be written to: neither settings nor history are kept",
    ),
    "full": Text(
        ja="ディスクの空きが足りません（残り {megabytes} MB）。設定も記録も保存できないことがあります",
        en="The disk is almost full ({megabytes} MB left): settings and history may not be kept",
    ),
    "settings": Text(
        ja="設定ファイルが壊れていたため、{file} として残しました",
        en="The settings file was broken and is kept as {file}",
    ),
    "settings-broken": Text(ja="設定ファイルが壊れています", en="The settings file is broken"),
    "settings-newer": Text(
        ja="設定ファイルに、このKobanの知らない項目があります。読めるものだけ使い、書き換えません",
        en="The settings file has keys unknown to this Koban, which uses the others and changes none",
    ),
    "port-taken": Text(
        ja="{part}（ポート {port}）: 別のプログラムが使っています", en="{part} (port {port}): another program is there"
    ),
    "port-open": Text(ja="{part}（ポート {port}）: 動いています", en="{part} (port {port}): running"),
    "port-closed": Text(ja="{part}（ポート {port}）: 動いていません", en="{part} (port {port}): not running"),
    "unreachable": Text(ja="{host}: つながりませんでした", en="{host}: could not be reached"),
    "bypassed": Text(
        ja="{host}: {why}。{until} まで、通信は調べずに通します（拡張機能があれば、表示中のページを確認します）",
        en="{host}: {why}; its traffic is left alone until {until} (with the extension, pages are checked as shown)",
    ),
    "authority-none": Text(
        ja="証明書: 最初の起動のときに作ります", en="The local authority: is made at the first start"
    ),
    "authority-unreadable": Text(ja="証明書: 読めません", en="The local authority: cannot be read"),
    "authority": Text(ja="証明書: {until} まで有効", en="The local authority: good until {until}"),
    "trusting": Text(ja="証明書を信頼しているブラウザ: {browsers}", en="Browsers that trust it: {browsers}"),
    "outdated": Text(
        ja="古い証明書のままのブラウザ: {browsers}", en="Browsers that have an older certificate: {browsers}"
    ),
    "lacking": Text(
        ja="証明書に入っていないサイト: {sites}。通信は調べずにそのまま通します",
        en="Sites that the certificate does not cover: {sites}; their traffic is left alone",
    ),
    "browsers": Text(ja="ブラウザ: {browsers}", en="Browsers: {browsers}"),
    "extension-built": Text(ja="拡張機能: 用意できています", en="The extension: is built"),
    "extension-missing": Text(ja="拡張機能: まだ作られていません", en="The extension: is not built yet"),
    "autostart": Text(ja="パソコンにログインしたとき、Kobanが起動します", en="Koban starts when you log in"),
    "autostart-gone": Text(
        ja="パソコンにログインしたときに起動するはずの {program} がありません",
        en="{program}, which is to start when you log in, is gone",
    ),
    "pack": Text(ja="パック: {pack}", en="Pack: {pack}"),
    "newer": Text(
        ja="新しい版のKoban {version} が出ています。入れ直すと、設定と記録を残したまま新しくなります",
        en="Koban {version} is out: installing it keeps settings and history",
    ),
    "rules": Text(ja="自分のルール: 使っています", en="Your own rules: are in use"),
    "rules-wrong": Text(
        ja="自分のルール: {files} 件のファイルに誤りがあり、そこは使いません",
        en="Your own rules: {files} files are wrong, and passed over there",
    ),
    "meaning": Text(ja="文の意味を読む部分: 使えます", en="Reading what texts mean: ready"),
    "meaning-missing": Text(
        ja="文の意味を読む部分: {files} がありません", en="Reading what texts mean: {files} missing"
    ),
    "meaning-damaged": Text(
        ja="文の意味を読む部分: {files} が壊れています", en="Reading what texts mean: {files} damaged"
    ),
    "meaning-version": Text(
        ja="文の意味を読む部分: {files} は、別の版のKobanのものです",
        en="Reading what texts mean: {files} of another version of Koban",
    ),
    "meaning-numpy": Text(
        ja="文の意味を読む部分: {files} を使うための numpy が読み込めません",
        en="Reading what texts mean: numpy, which {files} needs, cannot be imported",
    ),
    "meaning-memory": Text(
        ja="文の意味を読む部分: メモリーが足りず、{files} を読み込めません",
        en="Reading what texts mean: not enough memory to load {files}",
    ),
    "history": Text(ja="記録: 使えます", en="The history can be used"),
    "history-newer": Text(
        ja="記録: このKobanより新しい版のものなので、読み書きしていません",
        en="The history is of a newer Koban, and left alone",
    ),
    "history-broken": Text(
        ja="記録が壊れていたため、{file} として残し、新しく始めました（全部で {count} 件）",
        en="A broken history is kept as {file}, and a new one was begun ({count} in all)",
    ),
    "paired": Text(ja="接続済みの拡張機能: {count} 件", en="Paired extensions: {count}"),
    "paired-newer": Text(
        ja="拡張機能との接続: paired.json に、このKobanの知らない項目があります。読めるものだけ使い、書き換えません",
        en="The pairings in paired.json have keys unknown to this Koban, which uses the others and changes none",
    ),
    "last-page": Text(ja="最後に読んだページ: {day}", en="Last page read: {day}"),
    "layouts": Text(ja="ページの作り: 変わった様子はありません", en="Page layouts: no sign of a redesign"),
    "redesign": Text(
        ja="ページの作り: {site} の {page} で {field} の場所が {day} から変わっています",
        en="Page layouts: {field} of {page} moved on {day}; a fallback answers",
    ),
    "silent": Text(
        ja="記録: 共有の記録から返事がないため、前に見たことを確かめずに調べています",
        en="The shared history does not answer: pages are checked without what was seen before",
    ),
    "lost": Text(
        ja="記録: {count} ページを記録できませんでした（{trouble}）", en="{count} pages were not remembered ({trouble})"
    ),
    "no-record": Text(ja="記録: 何も記録していません（{trouble}）", en="Nothing is remembered ({trouble})"),
}
"""A link of the chain, by its name."""

_RESTART_MAKES = Text(ja="koban start で作り直されます。", en="koban start makes it anew.")
REPAIRS: Mapping[str, Text] = {
    "read-only": Text(
        ja="フォルダの権限を直すか、--state-dir で別のフォルダを選んでください。",
        en="Mend its permissions, or choose another folder with --state-dir.",
    ),
    "full": Text(ja="不要なファイルを消して、空きを増やしてください。", en="Delete what you do not need."),
    "settings": Text(
        ja="初期設定で動いています。変えていた設定は、もう一度変えてください。",
        en="Koban uses its defaults; switch again what you had switched.",
    ),
    "settings-broken": Text(
        ja="settings.json を直すか、このままKobanを起動してください（ファイルは別名で残り、初期設定に戻ります）。",
        en="Mend settings.json, or start Koban: it keeps the file under another name and uses its defaults.",
    ),
    "settings-newer": Text(
        ja="Kobanを新しくしてください。自分で書いた項目なら、つづりを確かめてください。",
        en="Update Koban; if you wrote the file yourself, look at how its keys are spelt.",
    ),
    "port-taken": Text(
        ja="そのプログラムを終了するか、--listen-port と --api-port で別の番号を選んでください。",
        en="End that program, or choose other ports with --listen-port and --api-port.",
    ),
    "port-closed": Text(
        ja="koban start か koban serve で起動してください。", en="Start it with koban start, or koban serve."
    ),
    "unreachable": Text(
        ja="ネットワークを確かめてください。つながれば、自動で元に戻ります。",
        en="Look at the network. Once it answers, all goes on by itself.",
    ),
    "upstream-certificate": Text(
        ja="会社・学校やウイルス対策ソフトが通信を検査している場合は、その証明書がパソコンに登録されているかを確かめ、"
        "Kobanを起動し直してください。パソコンの日付と時刻も確かめてください。",
        en="If a company, a school or a virus scanner inspects the traffic, see that its certificate is installed on "
        "this machine and start Koban again. Look at the date and time of this machine too.",
    ),
    "upstream-tls": Text(
        ja="通信を検査する機器やソフトがあれば、その設定を確かめてください。",
        en="If a device or program inspects the traffic, look at its settings.",
    ),
    "authority-unreadable": _RESTART_MAKES,
    "authority": _RESTART_MAKES,
    "outdated": Text(
        ja="koban trust を実行すると、入れ替わります。使わないなら koban untrust で外せます。",
        en="koban trust replaces it; koban untrust takes it out.",
    ),
    "lacking": Text(
        ja="Kobanを起動し直してください。証明書を作り直します。",
        en="Start Koban again, which issues the certificate again.",
    ),
    "browsers": Text(
        ja="Chromium、Chrome、Edge、Brave、Firefox のどれかを入れてください。",
        en="Install one of Chromium, Chrome, Edge, Brave, Firefox.",
    ),
    "extension-missing": Text(
        ja="extension フォルダで npm run build を実行してください（make run が行います）。",
        en="Run npm run build in the folder extension (make run does).",
    ),
    "autostart-gone": Text(
        ja="koban autostart on を実行し直すか、koban autostart off でやめてください。",
        en="Run koban autostart on again, or koban autostart off.",
    ),
    "rules-wrong": Text(
        ja="koban rules test --rules-dir {folder} が、直すところを示します。直したら、Kobanを起動し直してください。",
        en="koban rules test --rules-dir {folder} names what to mend; then start Koban again.",
    ),
    "meaning": Text(
        ja="Kobanを入れ直してください。それまでは、見逃しや間違った警告が増えます。",
        en="Install Koban again. Until then more traps are missed, and more honest texts warned of.",
    ),
    "meaning-memory": Text(
        ja="ほかのプログラムを終了して、Kobanを起動し直してください。それまでは、見逃しや間違った警告が増えます。",
        en="End other programs and start Koban again. Until then more traps are missed, and more honest texts warned "
        "of.",
    ),
    "history-newer": Text(
        ja="Kobanを新しくしてください。それまで何も記録されません。",
        en="Update Koban. Until then nothing is remembered.",
    ),
    "paired": Text(
        ja="koban serve が表示するアドレスを、拡張機能を入れたブラウザで開いてください。",
        en="Open the link that koban serve prints in the browser that has the extension.",
    ),
    "redesign": Text(
        ja="いまのところ読み取れていますが、Kobanの新しい版がないか確かめてください。",
        en="It is still read for now; look for an update of Koban.",
    ),
    "silent": Text(
        ja="データベースとネットワークを確かめてください。つながれば、自動で元に戻ります。",
        en="Look at the database and the network. Once it answers, all goes on by itself.",
    ),
    "lost": Text(
        ja="ディスクの空きと koban doctor を確かめ、Kobanを起動し直してください。",
        en="Look at the disk's free space and at koban doctor, and start Koban again.",
    ),
}
"""What mends a link that does not hold, by the link's name or by the reason that is told in it."""

BYPASS: Mapping[str, Text] = {
    "upstream-certificate": Text(
        ja="サイトの証明書を、このパソコンが信頼する発行元では確かめられません",
        en="its certificate cannot be verified with what this machine trusts",
    ),
    "upstream-tls": Text(
        ja="サイトの暗号化の方式が古いか弱いか、Kobanと合いません",
        en="its encryption is old or weak, or none that Koban can agree on",
    ),
    "bot-check": Text(ja="サイトがロボットかどうかを確認しています", en="it asks for a robot check"),
    "refused": Text(ja="サイトが接続を続けて断りました", en="it refused the connection"),
}
"""Why a site's traffic is left alone, by the reason's code."""

FILLINGS: Mapping[str, Text] = {
    "proxy": Text(ja="通信を確認するしくみ", en="The proxy"),
    "api": Text(ja="拡張機能との接続口", en="The port for the extension"),
    "trusting-none": Text(ja="なし（Kobanのウィンドウだけが使います）", en="none (only the window of Koban uses it)"),
    "browsers-none": Text(ja="見つかりません", en="none found"),
    "no-page": Text(ja="記録はまだありません", en="not recorded yet"),
}
"""What fills a place of a line."""
