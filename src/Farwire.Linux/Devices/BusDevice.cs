using Farwire.Linux.Files;

namespace Farwire.Linux.Devices;

/// <summary>A device on a PCI or USB bus.</summary>
/// <remarks>The kernel's "/sys/bus/pci/devices" and "/sys/bus/usb/devices".</remarks>
public sealed class BusDevice
{
    private readonly string _folder;
    private readonly DeviceNames _names;

    internal BusDevice(string bus, string folder, DeviceNames names)
    {
        Bus = bus;
        _folder = folder;
        _names = names;
        Address = Path.GetFileName(folder);
    }

    /// <summary><c>pci</c>, <c>usb</c> or <c>virtio</c>.</summary>
    public string Bus { get; }

    /// <summary>Where it is on the bus, such as <c>0000:00:1f.2</c> or <c>1-4</c>.</summary>
    public string Address { get; }

    /// <summary>Its id in the manner of plug and play: bus, maker, model, place.</summary>
    public string Id => $"{Bus.ToUpperInvariant()}\\VEN_{VendorId?.ToUpperInvariant()}&DEV_{ModelId?.ToUpperInvariant()}\\{Address}";

    /// <summary>The maker's number, four hexadecimal digits.</summary>
    public string? VendorId => Digits(Text(Bus == "usb" ? "idVendor" : "vendor"));

    /// <summary>The model's number, four hexadecimal digits.</summary>
    public string? ModelId => Digits(Text(Bus == "usb" ? "idProduct" : "device"));

    /// <summary>What kind of device it is: six hexadecimal digits of a PCI class, two of a USB class.</summary>
    public string? ClassCode => Digits(Text(Bus == "usb" ? "bDeviceClass" : "class"));

    /// <summary>The maker.</summary>
    public string? Vendor => Text("manufacturer") ?? _names.Vendor(Bus, VendorId) ?? (VendorId is { } id ? "0x" + id : null);

    /// <summary>The model.</summary>
    public string Model => Text("product") ?? _names.Model(Bus, VendorId, ModelId) ?? $"{Bus} device {VendorId}:{ModelId}";

    /// <summary>The serial number, which USB devices may have.</summary>
    public string? Serial => Text("serial");

    /// <summary>The driver that works it.</summary>
    public string? Driver => Directory.Exists(_folder + "/driver") ? Path.GetFileName(Directory.ResolveLinkTarget(_folder + "/driver", returnFinalTarget: false)?.FullName) : null;

    private string? Text(string file) => ProcFile.ReadText($"{_folder}/{file}")?.Trim() is { Length: > 0 } text ? text : null;

    private static string? Digits(string? number) => number?.StartsWith("0x", StringComparison.Ordinal) == true ? number[2..] : number;
}

/// <summary>The devices on the buses.</summary>
public sealed class BusDeviceTable(LinuxPaths paths)
{
    private readonly DeviceNames _names = new();

    /// <summary>The devices now.</summary>
    public IReadOnlyList<BusDevice> Read() => [.. Read("pci"), .. Read("usb"), .. Read("virtio")];

    // On the USB bus stand also the interfaces of the devices, with a colon in their names.
    private IEnumerable<BusDevice> Read(string bus)
    {
        var folder = $"{paths.Sys}/bus/{bus}/devices";
        return !Directory.Exists(folder) ? [] : Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal)
            .Where(f => bus != "usb" || !Path.GetFileName(f).Contains(':', StringComparison.Ordinal)).Select(f => new BusDevice(bus, f, _names));
    }
}

/// <summary>The names behind the numbers, where their list is installed.</summary>
/// <remarks>The files pci.ids and usb.ids: a maker a line, its models below it behind a tab.</remarks>
internal sealed class DeviceNames
{
    private static readonly string[] Folders = ["/usr/share/misc", "/usr/share/hwdata"];

    private readonly Lazy<Dictionary<string, string>> _pci = new(() => Load("pci.ids"));
    private readonly Lazy<Dictionary<string, string>> _usb = new(() => Load("usb.ids"));

    public string? Vendor(string bus, string? vendor) => vendor is null ? null : Names(bus)?.GetValueOrDefault(vendor);

    public string? Model(string bus, string? vendor, string? model) => vendor is null || model is null ? null : Names(bus)?.GetValueOrDefault(vendor + ":" + model);

    private Dictionary<string, string>? Names(string bus) => bus switch { "pci" => _pci.Value, "usb" => _usb.Value, _ => null };

    private static Dictionary<string, string> Load(string file)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (Folders.Select(f => $"{f}/{file}").FirstOrDefault(File.Exists) is not { } path)
        {
            return names;
        }

        var vendor = "";
        foreach (var line in File.ReadLines(path))
        {
            if (line.StartsWith("C ", StringComparison.Ordinal))
            {
                break; // the kinds of devices follow
            }

            if (line.Length > 6 && char.IsAsciiHexDigit(line[0]) && line[4] == ' ')
            {
                vendor = line[..4];
                names[vendor] = line[6..].Trim();
            }
            else if (line.Length > 7 && line[0] == '\t' && char.IsAsciiHexDigit(line[1]) && line[5] == ' ')
            {
                names[vendor + ":" + line[1..5]] = line[7..].Trim();
            }
        }

        return names;
    }
}
