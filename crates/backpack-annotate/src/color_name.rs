//! The colour names of CSS Color Level 4 (<https://www.w3.org/TR/css-color-4/#named-colors>) and `transparent`.

use crate::{Color, spelling};

/// All names in lower case, sorted.
const NAMES: [(&str, Color); 149] = [
    ("aliceblue", Color::hex(0xf0f8ff)),
    ("antiquewhite", Color::hex(0xfaebd7)),
    ("aqua", Color::hex(0x00ffff)),
    ("aquamarine", Color::hex(0x7fffd4)),
    ("azure", Color::hex(0xf0ffff)),
    ("beige", Color::hex(0xf5f5dc)),
    ("bisque", Color::hex(0xffe4c4)),
    ("black", Color::hex(0x000000)),
    ("blanchedalmond", Color::hex(0xffebcd)),
    ("blue", Color::hex(0x0000ff)),
    ("blueviolet", Color::hex(0x8a2be2)),
    ("brown", Color::hex(0xa52a2a)),
    ("burlywood", Color::hex(0xdeb887)),
    ("cadetblue", Color::hex(0x5f9ea0)),
    ("chartreuse", Color::hex(0x7fff00)),
    ("chocolate", Color::hex(0xd2691e)),
    ("coral", Color::hex(0xff7f50)),
    ("cornflowerblue", Color::hex(0x6495ed)),
    ("cornsilk", Color::hex(0xfff8dc)),
    ("crimson", Color::hex(0xdc143c)),
    ("cyan", Color::hex(0x00ffff)),
    ("darkblue", Color::hex(0x00008b)),
    ("darkcyan", Color::hex(0x008b8b)),
    ("darkgoldenrod", Color::hex(0xb8860b)),
    ("darkgray", Color::hex(0xa9a9a9)),
    ("darkgreen", Color::hex(0x006400)),
    ("darkgrey", Color::hex(0xa9a9a9)),
    ("darkkhaki", Color::hex(0xbdb76b)),
    ("darkmagenta", Color::hex(0x8b008b)),
    ("darkolivegreen", Color::hex(0x556b2f)),
    ("darkorange", Color::hex(0xff8c00)),
    ("darkorchid", Color::hex(0x9932cc)),
    ("darkred", Color::hex(0x8b0000)),
    ("darksalmon", Color::hex(0xe9967a)),
    ("darkseagreen", Color::hex(0x8fbc8f)),
    ("darkslateblue", Color::hex(0x483d8b)),
    ("darkslategray", Color::hex(0x2f4f4f)),
    ("darkslategrey", Color::hex(0x2f4f4f)),
    ("darkturquoise", Color::hex(0x00ced1)),
    ("darkviolet", Color::hex(0x9400d3)),
    ("deeppink", Color::hex(0xff1493)),
    ("deepskyblue", Color::hex(0x00bfff)),
    ("dimgray", Color::hex(0x696969)),
    ("dimgrey", Color::hex(0x696969)),
    ("dodgerblue", Color::hex(0x1e90ff)),
    ("firebrick", Color::hex(0xb22222)),
    ("floralwhite", Color::hex(0xfffaf0)),
    ("forestgreen", Color::hex(0x228b22)),
    ("fuchsia", Color::hex(0xff00ff)),
    ("gainsboro", Color::hex(0xdcdcdc)),
    ("ghostwhite", Color::hex(0xf8f8ff)),
    ("gold", Color::hex(0xffd700)),
    ("goldenrod", Color::hex(0xdaa520)),
    ("gray", Color::hex(0x808080)),
    ("green", Color::hex(0x008000)),
    ("greenyellow", Color::hex(0xadff2f)),
    ("grey", Color::hex(0x808080)),
    ("honeydew", Color::hex(0xf0fff0)),
    ("hotpink", Color::hex(0xff69b4)),
    ("indianred", Color::hex(0xcd5c5c)),
    ("indigo", Color::hex(0x4b0082)),
    ("ivory", Color::hex(0xfffff0)),
    ("khaki", Color::hex(0xf0e68c)),
    ("lavender", Color::hex(0xe6e6fa)),
    ("lavenderblush", Color::hex(0xfff0f5)),
    ("lawngreen", Color::hex(0x7cfc00)),
    ("lemonchiffon", Color::hex(0xfffacd)),
    ("lightblue", Color::hex(0xadd8e6)),
    ("lightcoral", Color::hex(0xf08080)),
    ("lightcyan", Color::hex(0xe0ffff)),
    ("lightgoldenrodyellow", Color::hex(0xfafad2)),
    ("lightgray", Color::hex(0xd3d3d3)),
    ("lightgreen", Color::hex(0x90ee90)),
    ("lightgrey", Color::hex(0xd3d3d3)),
    ("lightpink", Color::hex(0xffb6c1)),
    ("lightsalmon", Color::hex(0xffa07a)),
    ("lightseagreen", Color::hex(0x20b2aa)),
    ("lightskyblue", Color::hex(0x87cefa)),
    ("lightslategray", Color::hex(0x778899)),
    ("lightslategrey", Color::hex(0x778899)),
    ("lightsteelblue", Color::hex(0xb0c4de)),
    ("lightyellow", Color::hex(0xffffe0)),
    ("lime", Color::hex(0x00ff00)),
    ("limegreen", Color::hex(0x32cd32)),
    ("linen", Color::hex(0xfaf0e6)),
    ("magenta", Color::hex(0xff00ff)),
    ("maroon", Color::hex(0x800000)),
    ("mediumaquamarine", Color::hex(0x66cdaa)),
    ("mediumblue", Color::hex(0x0000cd)),
    ("mediumorchid", Color::hex(0xba55d3)),
    ("mediumpurple", Color::hex(0x9370db)),
    ("mediumseagreen", Color::hex(0x3cb371)),
    ("mediumslateblue", Color::hex(0x7b68ee)),
    ("mediumspringgreen", Color::hex(0x00fa9a)),
    ("mediumturquoise", Color::hex(0x48d1cc)),
    ("mediumvioletred", Color::hex(0xc71585)),
    ("midnightblue", Color::hex(0x191970)),
    ("mintcream", Color::hex(0xf5fffa)),
    ("mistyrose", Color::hex(0xffe4e1)),
    ("moccasin", Color::hex(0xffe4b5)),
    ("navajowhite", Color::hex(0xffdead)),
    ("navy", Color::hex(0x000080)),
    ("oldlace", Color::hex(0xfdf5e6)),
    ("olive", Color::hex(0x808000)),
    ("olivedrab", Color::hex(0x6b8e23)),
    ("orange", Color::hex(0xffa500)),
    ("orangered", Color::hex(0xff4500)),
    ("orchid", Color::hex(0xda70d6)),
    ("palegoldenrod", Color::hex(0xeee8aa)),
    ("palegreen", Color::hex(0x98fb98)),
    ("paleturquoise", Color::hex(0xafeeee)),
    ("palevioletred", Color::hex(0xdb7093)),
    ("papayawhip", Color::hex(0xffefd5)),
    ("peachpuff", Color::hex(0xffdab9)),
    ("peru", Color::hex(0xcd853f)),
    ("pink", Color::hex(0xffc0cb)),
    ("plum", Color::hex(0xdda0dd)),
    ("powderblue", Color::hex(0xb0e0e6)),
    ("purple", Color::hex(0x800080)),
    ("rebeccapurple", Color::hex(0x663399)),
    ("red", Color::hex(0xff0000)),
    ("rosybrown", Color::hex(0xbc8f8f)),
    ("royalblue", Color::hex(0x4169e1)),
    ("saddlebrown", Color::hex(0x8b4513)),
    ("salmon", Color::hex(0xfa8072)),
    ("sandybrown", Color::hex(0xf4a460)),
    ("seagreen", Color::hex(0x2e8b57)),
    ("seashell", Color::hex(0xfff5ee)),
    ("sienna", Color::hex(0xa0522d)),
    ("silver", Color::hex(0xc0c0c0)),
    ("skyblue", Color::hex(0x87ceeb)),
    ("slateblue", Color::hex(0x6a5acd)),
    ("slategray", Color::hex(0x708090)),
    ("slategrey", Color::hex(0x708090)),
    ("snow", Color::hex(0xfffafa)),
    ("springgreen", Color::hex(0x00ff7f)),
    ("steelblue", Color::hex(0x4682b4)),
    ("tan", Color::hex(0xd2b48c)),
    ("teal", Color::hex(0x008080)),
    ("thistle", Color::hex(0xd8bfd8)),
    ("tomato", Color::hex(0xff6347)),
    ("transparent", Color::TRANSPARENT),
    ("turquoise", Color::hex(0x40e0d0)),
    ("violet", Color::hex(0xee82ee)),
    ("wheat", Color::hex(0xf5deb3)),
    ("white", Color::hex(0xffffff)),
    ("whitesmoke", Color::hex(0xf5f5f5)),
    ("yellow", Color::hex(0xffff00)),
    ("yellowgreen", Color::hex(0x9acd32)),
];

/// The colour of this name, in either case.
pub(crate) fn find(name: &str) -> Option<Color> {
    let lower_case = || name.bytes().map(|letter| letter.to_ascii_lowercase());
    let index = NAMES.binary_search_by(|(known, _)| known.bytes().cmp(lower_case())).ok()?;
    Some(NAMES[index].1)
}

/// The name that was probably meant: the one that is spelt most alike, if no more than a third of the letters, or a single one, is wrong.
pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let limit = (name.len() / 3).max(1);
    let distances = NAMES.iter().map(|(known, _)| (spelling::distance(&name, known), *known));
    let (distance, known) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= limit).then_some(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_in_lower_case() {
        assert!(NAMES.is_sorted_by(|(one, _), (next, _)| one < next));
        assert!(NAMES.iter().all(|(name, _)| name.bytes().all(|letter| letter.is_ascii_lowercase())));
    }

    /// The digest is that of the 148 names of the standard, each in a line such as `aliceblue #f0f8ff`.
    #[test]
    fn names_and_values_are_those_of_the_standard() {
        let opaque = NAMES.iter().filter(|(_, color)| color.a == 255);
        let lines: String = opaque.map(|(name, color)| format!("{name} {color}\n")).collect();
        assert_eq!(lines.lines().count(), 148);
        assert_eq!(format!("{:x}", md5::compute(lines)), "82407f786fa0bff6e5f98c3d57e21030");
    }
}
