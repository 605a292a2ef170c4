// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AutoDaoFactory} from "../src/dao/AutoDaoFactory.sol";
import {Agents, Rules, Transform} from "../src/dao/Rules.sol";
import {World} from "./World.sol";

/// A DAO with rules, and the rules once more, as plainly as they can be said. Voters from 40: two agents of voter 0, the
/// attestor, and somebody with tokens and no Auto ID.
abstract contract Ruled is World {
    uint256 internal constant AGENT = 40;
    uint256 internal constant SECOND_AGENT = 41;
    uint256 internal constant ATTESTOR = 42;
    uint256 internal constant NOBODY = 43;
    uint256 internal constant ALL = 44;
    bytes32 internal constant TOPIC = "humanity";

    uint256 internal proposal;
    mapping(uint256 voter => uint256) internal stake;
    mapping(uint256 voter => uint8) internal score;
    mapping(uint256 voter => bool) internal ended;

    function layRuledGround() internal {
        layGround();
        registerAs(AGENT, 3, 1, 0);
        registerAs(SECOND_AGENT, 3, 1, 0);
        registerAs(ATTESTOR, 2, 0, 0);
    }

    function ruledParams(Rules memory rules) internal returns (AutoDaoFactory.DaoParams memory p) {
        p = params(true);
        (p.holders, p.amounts) = (new address[](ALL), new uint256[](ALL));
        for (uint256 i; i < ALL; ++i) {
            stake[i] = stakeOf(i);
            (p.holders[i], p.amounts[i]) = (accountOf(i), stake[i]);
        }
        p.rules = rules;
    }

    /// With everybody in seat voter + 1 who has an Auto ID, and a proposal open.
    function openUnder(Rules memory rules) internal {
        makeDao(ruledParams(rules));
        dao.enrol(list(1, ALL));
        proposal = openProposal();
    }

    function capped(uint96 cap, uint16 share) internal pure returns (Rules memory r) {
        (r.transform, r.cap, r.capShare) = (Transform.Capped, cap, share);
    }

    function root() internal pure returns (Rules memory r) {
        r.transform = Transform.SquareRoot;
    }

    function agents(Agents how, uint16 share) internal pure returns (Rules memory r) {
        (r.agents, r.agentShare) = (how, share);
    }

    function scored(uint8 minScore, uint16 scoreDays) internal pure returns (Rules memory r) {
        (r.attestor, r.minScore, r.scoreDays, r.topic) = (uint32(ATTESTOR + 1), minScore, scoreDays, TOPIC);
    }

    /// Any rules that may be.
    function someRules(uint256 x) internal pure returns (Rules memory r) {
        if (x % 4 == 1) r = root();
        if (x % 4 == 2) r = capped(uint96(1 + ((x >> 8) % 30e18)), 0);
        if (x % 4 == 3) r = capped(0, uint16(1 + ((x >> 8) % 10_000)));
        r.agents = Agents((x >> 80) % 4);
        if (r.agents == Agents.Capped) r.agentShare = uint16(1 + ((x >> 88) % 10_000));
        if ((x >> 120) % 2 == 0) return r;
        (r.attestor, r.minScore, r.topic) = (uint32(ATTESTOR + 1), uint8(1 + ((x >> 128) % 100)), TOPIC);
    }

    function attest(uint256 voter, uint8 value) internal {
        vm.prank(accountOf(ATTESTOR));
        ids.attest(voter + 1, TOPIC, value);
        score[voter] = value;
    }

    function end(uint256 voter) internal {
        vm.prank(accountOf(voter));
        ids.deactivate(voter + 1);
        ended[voter] = true;
    }

    function isAgent(uint256 voter) internal pure returns (bool) {
        return voter == AGENT || voter == SECOND_AGENT;
    }

    function isPlain(Rules memory r) internal pure returns (bool) {
        return r.transform == Transform.Linear && r.agents == Agents.Equal && r.minScore == 0;
    }

    /// Whether a vote of the wallet is taken at all.
    function mayVote(Rules memory r, uint256 voter) internal view returns (bool) {
        if (isPlain(r)) return true;
        if (voter == NOBODY || ended[voter] || (isAgent(voter) && ended[0])) return false;
        if (isAgent(voter) && r.agents == Agents.Forbidden) return false;
        return score[voter] >= r.minScore;
    }

    /// What it weighs, if it is taken.
    function modelWeight(Rules memory r, uint256 voter) internal view returns (uint256 votes) {
        votes = stake[voter];
        if (isAgent(voter)) {
            if (r.agents == Agents.Advisory) return 0;
            if (r.agents == Agents.Capped) votes = least(votes, (supply() * r.agentShare) / 10_000);
        }
        return modelTransform(r, votes);
    }

    function modelTransform(Rules memory r, uint256 votes) internal view returns (uint256) {
        if (r.transform == Transform.SquareRoot) return rootOf(votes * 1e18);
        if (r.transform == Transform.Capped) {
            return least(votes, r.cap != 0 ? r.cap : (supply() * r.capShare) / 10_000);
        }
        return votes;
    }

    function supply() internal view returns (uint256 all) {
        for (uint256 i; i < ALL; ++i) all += stake[i];
    }

    function least(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    /// By halving: the greatest number whose square is not above.
    function rootOf(uint256 x) internal pure returns (uint256 low) {
        uint256 high = 2 ** 80;
        while (high - low > 1) {
            uint256 middle = (low + high) / 2;
            if (middle * middle <= x) low = middle;
            else high = middle;
        }
    }

    function sum() internal view returns (uint256 against, uint256 inFavour, uint256 abstain) {
        return dao.proposalVotes(proposal);
    }

    function castAs(uint256 voter, uint8 support) internal {
        vm.prank(accountOf(voter));
        dao.castVote(proposal, support);
    }
}
