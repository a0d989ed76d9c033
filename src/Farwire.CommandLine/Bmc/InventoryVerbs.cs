using Farwire.CommandLine.Grammar;
using Farwire.Ipmi;
using Farwire.Ipmi.Session;

namespace Farwire.CommandLine.Bmc;

/// <summary><c>farwire bmc fru [ID]</c>: what the machine is made of.</summary>
internal sealed class FruVerb(BmcLine line) : BmcVerb
{
    private readonly byte _id = line.Words.Count > 1 ? (byte)BmcLine.Number("the inventory", line.Words[1], 0, 254) : (byte)0;

    public override PrivilegeLevel Privilege => PrivilegeLevel.User;

    public override async ValueTask<BmcRows> RunAsync(BmcTarget target, CancellationToken cancellationToken)
    {
        var fru = await target.Client.Fru.ReadAsync(_id, cancellationToken).ConfigureAwait(false);
        var rows = new BmcRows("area", "field", "value");
        if (fru.Chassis is { } chassis)
        {
            Add("chassis", ("type", chassis.TypeName), ("partNumber", chassis.PartNumber), ("serialNumber", chassis.SerialNumber));
            Custom("chassis", chassis.Custom);
        }

        if (fru.Board is { } board)
        {
            rows.Add("board", "manufactured", board.Manufactured);
            Add("board", ("manufacturer", board.Manufacturer), ("productName", board.ProductName), ("serialNumber", board.SerialNumber),
                ("partNumber", board.PartNumber), ("fileId", board.FileId));
            Custom("board", board.Custom);
        }

        if (fru.Product is { } product)
        {
            Add("product", ("manufacturer", product.Manufacturer), ("name", product.Name), ("partNumber", product.PartNumber),
                ("version", product.Version), ("serialNumber", product.SerialNumber), ("assetTag", product.AssetTag), ("fileId", product.FileId));
            Custom("product", product.Custom);
        }

        foreach (var record in fru.Records)
        {
            rows.Add("record", $"0x{record.Type:X2}", Convert.ToHexStringLower(record.Data.Span));
        }

        foreach (var area in fru.Damaged)
        {
            rows.Add(area, "damaged", "its sum does not fit");
        }

        return rows;

        void Add(string area, params (string Name, string Value)[] fields)
        {
            foreach (var (name, value) in fields.Where(f => f.Value.Length > 0))
            {
                rows.Add(area, name, value);
            }
        }

        void Custom(string area, IReadOnlyList<string> fields) => Add(area, [.. fields.Select((value, i) => ($"custom{i + 1}", value))]);
    }
}

/// <summary><c>farwire bmc users</c>: who may come in.</summary>
internal sealed class UsersVerb : BmcVerb
{
    public override PrivilegeLevel Privilege => PrivilegeLevel.Operator;

    public override async ValueTask<BmcRows> RunAsync(BmcTarget target, CancellationToken cancellationToken)
    {
        var rows = new BmcRows("id", "name", "privilege", "messaging", "enabled", "linkAuthentication", "callbackOnly");
        foreach (var user in await target.Client.Users.ReadAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            rows.Add((int)user.Id, user.Name, user.Privilege.ToString().ToLowerInvariant(), user.MessagingEnabled, user.IsEnabled, user.LinkAuthentication, user.CallbackOnly);
        }

        return rows;
    }
}

/// <summary><c>farwire bmc raw FUNCTION COMMAND [BYTE …]</c>: any command.</summary>
internal sealed class RawVerb : BmcVerb
{
    private readonly IpmiRequest _request;

    public RawVerb(BmcLine line)
    {
        if (line.Words is not [_, var function, var command, .. var data])
        {
            throw new UsageException("farwire bmc raw takes a network function, a command and bytes of data.");
        }

        _request = new IpmiRequest(
            (NetworkFunction)BmcLine.Number("the network function", function, 0, 0x3E), (byte)BmcLine.Number("the command", command, 0, 255),
            data.Select(b => (byte)BmcLine.Number("a byte", b, 0, 255)).ToArray())
        {
            Responder = line["--responder"] is { } responder ? (byte)BmcLine.Number("--responder", responder, 1, 255) : IpmiRequest.ControllerAddress,
        };
    }

    public override PrivilegeLevel Privilege => PrivilegeLevel.Administrator;

    public override async ValueTask<BmcRows> RunAsync(BmcTarget target, CancellationToken cancellationToken)
    {
        var response = await target.Client.RawAsync(_request, cancellationToken).ConfigureAwait(false);
        if (response.CompletionCode != CompletionCode.Ok)
        {
            throw new BmcRefusedException(response.CompletionCode);
        }

        var rows = new BmcRows("completionCode", "data");
        rows.Add("0x00", string.Join(' ', response.Data.ToArray().Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture))));
        return rows;
    }
}

/// <summary>A raw command was answered with a completion code other than done.</summary>
internal sealed class BmcRefusedException(CompletionCode code) : Exception($"The controller answered with completion code 0x{(byte)code:X2} ({code}).")
{
    public CompletionCode Code { get; } = code;
}
