namespace OwnClass;

/// <summary>What the program is about; nothing in it knows of CIM.</summary>
internal sealed class Cellar
{
    public IReadOnlyList<Tank> Tanks { get; } = [new("North", 12.5, 100), new("South", 4, 250)];
}

internal sealed class Tank(string name, double temperature, ulong litres)
{
    public string Name => name;

    public double Temperature => temperature;

    public double Target { get; set; } = 5;

    public ulong Litres { get; private set; } = litres;

    public bool TryEmpty(ulong wanted)
    {
        if (wanted > Litres)
        {
            return false;
        }

        Litres -= wanted;
        return true;
    }
}
