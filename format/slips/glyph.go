package slips

import "strings"

// glyphNames are the names of the glyphs of the Latin encodings (ISO 32000-1 annex D), in order, and glyphRunes what each one is.
const (
	glyphNames = "A AE Aacute Acircumflex Adieresis Agrave Aring Atilde B C Ccedilla D E Eacute Ecircumflex Edieresis Egrave Eth Euro F G " +
		"H I Iacute Icircumflex Idieresis Igrave J K L Lslash M N Ntilde O OE Oacute Ocircumflex Odieresis Ograve Oslash Otilde P " +
		"Q R S Scaron T Thorn U Uacute Ucircumflex Udieresis Ugrave V W X Y Yacute Ydieresis Z Zcaron a aacute acircumflex acute " +
		"adieresis ae agrave ampersand aring asciicircum asciitilde asterisk at atilde b backslash bar braceleft braceright " +
		"bracketleft bracketright breve brokenbar bullet c caron ccedilla cedilla cent circumflex colon comma copyright currency " +
		"d dagger daggerdbl degree dieresis divide dollar dotaccent dotlessi e eacute ecircumflex edieresis egrave eight ellipsis " +
		"emdash endash equal eth exclam exclamdown f ff ffi ffl fi five fl florin four fraction g germandbls grave greater " +
		"guillemotleft guillemotright guilsinglleft guilsinglright h hungarumlaut hyphen i iacute icircumflex idieresis igrave j " +
		"k l less logicalnot lslash m macron middot minus mu multiply n nbspace nine nonbreakingspace ntilde numbersign o oacute " +
		"ocircumflex odieresis oe ogonek ograve one onehalf onequarter onesuperior ordfeminine ordmasculine oslash otilde " +
		"overscore p paragraph parenleft parenright percent period periodcentered perthousand plus plusminus q question " +
		"questiondown quotedbl quotedblbase quotedblleft quotedblright quoteleft quoteright quotesinglbase quotesingle r " +
		"registered ring s scaron section semicolon seven sfthyphen six slash softhyphen space sterling t thorn three " +
		"threequarters threesuperior tilde trademark two twosuperior u uacute ucircumflex udieresis ugrave underscore v w x y " +
		"yacute ydieresis yen z zcaron zero"
	glyphRunes = "AÆÁÂÄÀÅÃBCÇDEÉÊËÈÐ€FGHIÍÎÏÌJKLŁMNÑOŒÓÔÖÒØÕPQRSŠTÞUÚÛÜÙVWXYÝŸZŽaáâ´äæà&å^~*@ãb\\|{}[]˘¦•cˇç¸¢ˆ:,©¤d†‡°¨÷$˙ıeéêëè8…—–=ð!¡fﬀﬃﬄﬁ5ﬂƒ4⁄gß`>«»‹›h˝-iíîïìjkl<¬łm¯·−µ×n 9 ñ#oóôöœ˛ò1½¼¹ªºøõ¯p¶()%.·‰+±q?¿\"„“”‘’‚'r®˚sš§;7\u00ad6/\u00ad £tþ3¾³˜™2²uúûüù_vwxyýÿ¥zž0"
)

// standard is StandardEncoding from 0xa1 on (annex D.2); below, it is ASCII but for two quotes. A replacement character is no letter.
const standard = "¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ\ufffd–†‡·\ufffd¶•‚„”»…‰\ufffd¿\ufffd`´ˆ˜¯˘˙¨\ufffd˚¸\ufffd˝˛ˇ—\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdÆ\ufffdª\ufffd\ufffd\ufffd\ufffdŁØŒº\ufffd\ufffd\ufffd\ufffd\ufffdæ\ufffd\ufffd\ufffdı\ufffd\ufffdłøœß\ufffd\ufffd\ufffd\ufffd"

// helvetica holds the widths of the letters of Windows-1252 from 32 on, for the fonts that every viewer has and whose widths a file need not
// say (§ 9.6.2.2): near enough for all of them to see where a word ends.
const helvetica = "11611616322c22c37929b0bf14d14d18524811614d11611622c22c22c22c22c22c22c22c22c22c11611624824824822c3f729b29b2d22d229b26330a2d21161f429b22c3412d230a29b30a2d229b2632d229b3b029b29b2631161161161d522c14d22c22c1f422c22c11622c22c0de0de1f40de34122c22c22c22c14d1f411622c1f42d21f41f41f414e10414e24815e22c15e0de22c14d3e822c22c14d3e829b14d3e815e26315e15e0de0de14d14d15e22c3e814d3e81f414d3b015e1f429b11614d22c22c22c22c10422c14d2e117222c24814d2e114d19024814d14d14d22c21911614d14d16d22c34234234226329b29b29b29b29b29b3e82d229b29b29b29b1161161161162d22d230a30a30a30a30a24830a2d22d22d22d229b29b26322c22c22c22c22c22c3791f422c22c22c22c11611611611622c22c22c22c22c22c22c24826322c22c22c22c1f422c1f4"

// glyphs returns what each name of a glyph is.
func glyphs() map[name]rune {
	out := map[name]rune{}
	runes := []rune(glyphRunes)
	for i, n := range strings.Fields(glyphNames) {
		out[name(n)] = runes[i]
	}
	return out
}
