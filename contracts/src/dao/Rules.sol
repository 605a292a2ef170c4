// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// What becomes of a voter's tokens: themselves, their square root (of whole tokens), or at most a cap.
enum Transform {
    Linear,
    SquareRoot,
    Capped
}

/// What an agent's vote is worth: as anybody's, nothing at all, an opinion without weight, or at most a share.
enum Agents {
    Equal,
    Forbidden,
    Advisory,
    Capped
}

/// Who votes in a DAO with what weight. All zero is plain: tokens are votes, for anybody. Any other rule needs an Auto ID
/// in a seat taken not after the snapshot.
/// @param cap most votes of one voter, in base units of the token; only with `Capped`, where no share is named
/// @param capShare the same as a share of the supply at the snapshot, in hundredths of a percent
/// @param agentShare most tokens that count for one agent, as a share of the supply; only with `Agents.Capped`
/// @param attestor Auto ID of the organisation whose scores count, 0 for none
/// @param minScore the least score, 1 to 100
/// @param scoreDays how old a score may be at the snapshot, 0 for any age
/// @param topic of the attestor's scores
struct Rules {
    Transform transform;
    uint96 cap;
    uint16 capShare;
    Agents agents;
    uint16 agentShare;
    uint32 attestor;
    uint8 minScore;
    uint16 scoreDays;
    bytes32 topic;
}

using {isPlain} for Rules global;

function isPlain(Rules memory r) pure returns (bool) {
    return r.transform == Transform.Linear && r.agents == Agents.Equal && r.minScore == 0;
}
