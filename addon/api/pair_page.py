"""The page that a pairing link opens. The extension's content script reads the code and takes over the text."""

PAIR_STYLE = """\
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.7; }
body { max-width: 34rem; margin: 15vh auto; padding: 0 1.5rem; }
h1 { font-size: 1.25rem; }
[lang="en"] { opacity: 0.85; font-size: 0.9rem; }
#koban-pair-status { padding: 1rem; border: 1px solid currentcolor; border-radius: 0.5rem; }
"""

PAIR_PAGE = """\
<!DOCTYPE html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Koban 交番</title>
<link rel="stylesheet" href="/pair.css">
</head>
<body>
<h1>交番 Koban と拡張機能をつなぎます</h1>
<div id="koban-pair-status" role="status">
<p>拡張機能の応答を待っています。このまま変わらないときは、このブラウザに Koban の拡張機能が入っていません。\
拡張機能を入れてから、このページを開き直してください。</p>
<p lang="en">Waiting for the extension. If this does not change, the Koban extension is not installed in this browser. \
Install it, then open this page again.</p>
</div>
</body>
</html>
"""
