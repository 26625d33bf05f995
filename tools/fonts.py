"""Rebuilds format/pdf/fonts/*.ttf from Debian's OpenType files:

    apt-get install fonts-inter python3-fonttools && python3 tools/fonts.py

Why: the PDF library takes TrueType outlines only, embeds by itself the glyphs a document uses, and applies no OpenType
feature. So the cubic curves are turned into quadratic ones, the glyphs are cut down to Latin with its extensions, modern
Greek, Cyrillic, punctuation, currency and arrows, and two features of the interface are made the default: the round a
(cv11), and, in the two text cuts, figures of one width (tnum), so that columns of amounts stand straight. The display
cut keeps proportional figures: it sets titles and one large amount, never a column. Kerning (GPOS) is kept. What the
fonts can write is told by i18n/written.go, which a test of format/pdf compares with them. The program never runs this.
"""
import os
import sys

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

SOURCE = "/usr/share/fonts/opentype/inter"
TARGET = os.path.join(os.path.dirname(__file__), "..", "format", "pdf", "fonts")
DIGITS = range(0x30, 0x3A)
# The small letters of African alphabets whose capitals are in Latin Extended-B.
IPA = [0x251, 0x253, 0x254, 0x256, 0x257, 0x259, 0x25B, 0x260, 0x263, 0x268, 0x269, 0x26F, 0x272, 0x275, 0x280, 0x283,
       0x288, 0x28A, 0x28B, 0x28C, 0x292, 0x294]
CHARACTERS = [
    *range(0x20, 0x7F), *range(0xA0, 0x250), *IPA, *range(0x2B9, 0x2BD), 0x2C6, 0x2C7, *range(0x2D8, 0x2DE),
    *range(0x370, 0x3F0), 0x3F4, *range(0x400, 0x530), *range(0x1E00, 0x1F00), *range(0x2000, 0x200B), *range(0x2010, 0x2016),
    0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2020, 0x2021, 0x2022, 0x2026, 0x202F, 0x2030, 0x2032, 0x2033,
    0x2039, 0x203A, 0x2044, 0x2070, *range(0x2074, 0x207A), *range(0x2080, 0x2085), *range(0x20A0, 0x20C1),
    0x2116, 0x2117, 0x2120, 0x2122, *range(0x2190, 0x2195), 0x2197, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x221E,
    0x25CF, 0x25CB, 0x2713, 0x2717,
]


def bake(font, tag, only=None):
    """Makes the substitutions of a feature the default of the character map."""
    gsub, swap = font["GSUB"].table, {}
    for record in gsub.FeatureList.FeatureRecord:
        if record.FeatureTag == tag:
            for index in record.Feature.LookupListIndex:
                for table in gsub.LookupList.Lookup[index].SubTable:
                    swap.update(getattr(getattr(table, "ExtSubTable", table), "mapping", {}))
    for table in font["cmap"].tables:
        for char, glyph in table.cmap.items():
            if glyph in swap and (only is None or char in only):
                table.cmap[char] = swap[glyph]


def level(font, glyphs, glyf):
    """Gives every figure the same width: in this release SemiBold's tabular figures differ by a hair."""
    names = [font.getBestCmap()[c] for c in DIGITS]
    width = max(font["hmtx"][n][0] for n in names)
    for n in names:
        shift = (width - font["hmtx"][n][0]) // 2
        if shift:
            glyphs[n].coordinates.translate((shift, 0))
            glyphs[n].recalcBounds(glyf)
        font["hmtx"][n] = (width, glyphs[n].xMin)


def convert(name):
    font = TTFont(f"{SOURCE}/{name}.otf")
    bake(font, "cv11")
    tabular = "Display" not in name
    if tabular:
        bake(font, "tnum", DIGITS)

    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl"]
    options.hinting, options.glyph_names, options.notdef_outline = False, False, True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.drop_tables += ["DSIG", "BASE", "STAT"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[c for c in CHARACTERS if c in font.getBestCmap()])
    cutter.subset(font)

    outlines, glyphs = font.getGlyphSet(), {}
    for n in font.getGlyphOrder():
        pen = TTGlyphPen(None)
        outlines[n].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        glyphs[n] = pen.glyph()
    glyf = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = font.getGlyphOrder(), glyphs
    font["loca"], font["glyf"] = newTable("loca"), glyf
    for n, glyph in glyphs.items():
        glyph.recalcBounds(glyf)
        font["hmtx"][n] = (font["hmtx"][n][0], getattr(glyph, "xMin", 0) or 0)
    if tabular:
        level(font, glyphs, glyf)

    del font["CFF "]
    if "VORG" in font:
        del font["VORG"]
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in ("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
                  "maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours", "maxCompositePoints",
                  "maxCompositeContours", "maxComponentDepth"):
        setattr(maxp, field, 0)  # computed or absent
    maxp.maxZones = 1
    font["post"].formatType = 3.0
    font["head"].glyphDataFormat = 0
    font.sfntVersion = "\x00\x01\x00\x00"
    font.save(os.path.join(TARGET, f"{name}.ttf"))


if __name__ == "__main__":
    for cut in sys.argv[1:] or ["Inter-Regular", "Inter-SemiBold", "InterDisplay-SemiBold"]:
        convert(cut)
