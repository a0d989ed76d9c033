using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Envelope;

/// <summary>A message from client to service.</summary>
/// <param name="Headers">What it asks, of which resource, under which conditions.</param>
/// <param name="Body">What it brings.</param>
public sealed record Request(MessageHeaders Headers, IBody Body);

/// <summary>A request as it arrived: headers read, body still on the wire.</summary>
/// <param name="Headers">What it asks.</param>
/// <param name="Body">Stands at the first element inside <c>s:Body</c>, or at none.</param>
/// <param name="IsIdentify">The body is <c>wsmid:Identify</c>, which needs no headers.</param>
public sealed record ReceivedRequest(MessageHeaders Headers, BodyReader Body, bool IsIdentify);
