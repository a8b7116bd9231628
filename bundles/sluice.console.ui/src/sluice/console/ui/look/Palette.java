package sluice.console.ui.look;

import org.eclipse.swt.graphics.RGB;

/**
 * The colours of a theme. States first, then what pictures are drawn with; {@link #hue} gives volumes colours of their own,
 * apart from those of states.
 */
public record Palette(
    boolean dark, RGB green, RGB blue, RGB amber, RGB red, RGB grey, RGB violet, RGB paper, RGB panel, RGB ink, RGB faint, RGB line) {
  public static final Palette LIGHT = new Palette(false, rgb(0x1A7F37), rgb(0x0969DA), rgb(0x9A6700), rgb(0xCF222E), rgb(0x6E7781),
      rgb(0x8250DF), rgb(0xFFFFFF), rgb(0xF6F8FA), rgb(0x1F2328), rgb(0x656D76), rgb(0xD0D7DE));
  public static final Palette DARK = new Palette(true, rgb(0x3FB950), rgb(0x58A6FF), rgb(0xD29922), rgb(0xF85149), rgb(0x8B949E),
      rgb(0xBC8CFF), rgb(0x1E2228), rgb(0x2A2F37), rgb(0xE6EDF3), rgb(0x9DA7B1), rgb(0x444C56));

  private static final RGB[] HUES_LIGHT = hues(0x4C8DD6, 0x2FA58E, 0xB07CC6, 0xD9822B, 0x6C8E3F, 0xC75B7A, 0x4BA3C7, 0x8C6D46, 0x7A7ED0, 0x3D9A5F, 0xC2A13A, 0x9B5FA8);
  private static final RGB[] HUES_DARK = hues(0x5B9BE0, 0x3DB59C, 0xB98AD0, 0xDC9246, 0x86A956, 0xD0708C, 0x5FB2D3, 0xA7855B, 0x8F93DC, 0x53AE74, 0xCBAC4C, 0xAE76BA);

  /** Of a volume. @param hue 0 to 11 */
  public RGB hue(int hue) {
    RGB[] hues = dark ? HUES_DARK : HUES_LIGHT;
    return hues[Math.floorMod(hue, hues.length)];
  }

  /** Part of {@code a} over {@code b}; 0 is all b, 1 all a. */
  public static RGB mix(RGB a, RGB b, double part) {
    return new RGB((int) (a.red * part + b.red * (1 - part)), (int) (a.green * part + b.green * (1 - part)), (int) (a.blue * part + b.blue * (1 - part)));
  }

  private static RGB rgb(int hex) {
    return new RGB(hex >> 16 & 0xFF, hex >> 8 & 0xFF, hex & 0xFF);
  }

  private static RGB[] hues(int... hex) {
    RGB[] all = new RGB[hex.length];
    for (int i = 0; i < hex.length; i++) all[i] = rgb(hex[i]);
    return all;
  }
}
