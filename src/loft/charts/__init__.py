"""A table in, an accessible SVG out.

Every chart is real text and shapes with classes, not colours: ``chart.css`` gives the colours, from the design system's tokens
where there are any. Each chart is drawn twice, wide and narrow, and the stylesheet shows the one that fits. A chart never stands
alone: the table it was drawn from stands beside it.

The room knows nothing of logs or pages. It takes plain columns, or anything with ``.rows()``.
"""

from loft.charts.bars import Part, bars
from loft.charts.columns import columns
from loft.charts.drawing import STYLESHEET, Drawing
from loft.charts.intervals import intervals
from loft.charts.journey_map import journey_map, most_used
from loft.charts.lines import lines
from loft.charts.tables import draw, reason

__all__ = [
    "STYLESHEET",
    "Drawing",
    "Part",
    "bars",
    "columns",
    "draw",
    "intervals",
    "journey_map",
    "lines",
    "most_used",
    "reason",
]
