using Farwire.Cim.Mof;
using Farwire.Cim.Wql;

namespace Farwire.Cim.Tests;

/// <summary>Broken input in bulk: a tenth in the suite, all of it with <c>FARWIRE_FUZZ=1000000</c>.</summary>
public sealed class Fuzz
{
    private static readonly int Inputs = int.TryParse(Environment.GetEnvironmentVariable("FARWIRE_FUZZ"), out var inputs) ? inputs : 100_000;

    private static readonly string[] WqlSeeds =
    [
        "select Name,ProcessId,WorkingSetSize from Win32_Process where ProcessId < 100",
        "select * from A where not (a = 'x\\'y' or b <> 0x1F) and c like '[a-f]%_' and d is not null",
        "select * from A where __this isa \"B\" and 5 >= e and f = -1.5e3 and g = TRUE",
    ];

    private static readonly string[] MofSeeds =
    [
        "#pragma locale(\"en_US\")\n[Abstract, Description(\"a\" \"b\"): ToSubclass] class A : B { [Key] uint8 C[4] = {1, 0x2}; D ref E; };",
        "class A { [Static] uint32 Run([In] string N[], [Out] A ref M); real64 R = -1.5e3; boolean T = FALSE; /* x */ };",
        "Qualifier Q : boolean = false, Scope(any);\ninstance of A as $I { X = \"\\x0041\"; };",
    ];

    [Fact]
    public void Broken_queries_are_refused_and_nothing_else_happens() => Run(WqlSeeds, 1, text =>
    {
        try
        {
            WqlQuery.Parse(text);
        }
        catch (WqlException)
        {
        }
    });

    [Fact]
    public void Broken_MOF_is_refused_and_nothing_else_happens() => Run(MofSeeds, 2, text =>
    {
        try
        {
            MofParser.Parse(text);
        }
        catch (MofException)
        {
        }
    });

    private static void Run(string[] seeds, int seed, Action<string> parse)
    {
        var random = new Random(seed);
        const string alphabet = "abSELECT*fromwhere=<>!'\"\\()[]{}#;:,.$%_0x19e-+ \n\t/nulltrue";
        for (var i = 0; i < Inputs; i++)
        {
            var text = seeds[random.Next(seeds.Length)].ToCharArray().ToList();
            for (var change = random.Next(1, 6); change > 0 && text.Count > 0; change--)
            {
                var at = random.Next(text.Count);
                switch (random.Next(4))
                {
                    case 0: text[at] = alphabet[random.Next(alphabet.Length)]; break;
                    case 1: text.Insert(at, alphabet[random.Next(alphabet.Length)]); break;
                    case 2: text.RemoveRange(at, Math.Min(random.Next(1, 8), text.Count - at)); break;
                    default: text.InsertRange(at, text.GetRange(at, Math.Min(random.Next(1, 20), text.Count - at))); break;
                }
            }

            parse(new string([.. text]));
        }
    }
}
