"""The words of the entry in the tray; `tools.translations` has them said in further languages."""

from rules.model import Text

OF_LAST_PAGE = Text(ja="{state}（最後に開いたページ）", en="{state} (the page opened last)")
NO_PAGE_YET = Text(ja="{state}（まだページを開いていません）", en="{state} (no page opened yet)")
PAUSED = Text(ja="{state}（一時停止中）", en="{state} (paused)")
OPEN = Text(ja="Kobanのウィンドウを開く", en="Open Koban's window")
PAUSE_HOUR = Text(ja="1時間、一時停止する", en="Pause for an hour")
PAUSE = Text(ja="再開するまで一時停止する", en="Pause until resumed")
RESUME = Text(ja="確認を再開する", en="Resume checking")
QUIT = Text(ja="Kobanを終了する", en="Quit Koban")

TEXTS = (OF_LAST_PAGE, NO_PAGE_YET, PAUSED, OPEN, PAUSE_HOUR, PAUSE, RESUME, QUIT)
