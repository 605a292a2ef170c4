// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AutoIds} from "../src/AutoIds.sol";
import {AutoDao} from "../src/dao/AutoDao.sol";
import {AutoDaoFactory} from "../src/dao/AutoDaoFactory.sol";
import {AutoDaoTimelock} from "../src/dao/AutoDaoTimelock.sol";
import {AutoDaoToken} from "../src/dao/AutoDaoToken.sol";
import {Charter} from "../src/dao/Charter.sol";
import {IAutoIds} from "../src/interfaces/IAutoIds.sol";
import {Nomic} from "../src/nomic/Nomic.sol";
import {Polls} from "../src/nomic/Polls.sol";
import {Paper, Signing} from "./Signing.sol";

/// A registry, the Nomic DAO and the factory with one DAO; voters who each have an Auto ID: voter i has id i + 1.
abstract contract World is Signing {
    uint256 internal constant VOTERS = 40;
    uint256 internal constant START = 1_800_000_000;
    string internal constant TITLE = "Buy a boat";

    AutoIds internal ids;
    Charter internal charter;
    AutoDaoFactory internal factory;
    AutoDao internal dao;
    AutoDaoTimelock internal timelock;
    AutoDaoToken internal token;
    Nomic internal nomic;
    Polls internal polls;
    string[4] internal words = ["", "Against", "For", "Abstain"];

    function layGround() internal {
        vm.warp(START);
        knowAccounts(VOTERS);
        ids = AutoIds(deploy("AutoIds", ""));
        charter = Charter(deploy("Charter", abi.encode(ids)));
        address daos = deploy("AutoDao", abi.encode(ids, charter));
        address timelocks = deploy("AutoDaoTimelock", "");
        address tokens = deploy("AutoDaoToken", "");
        address clubs = deploy("IdVotes", abi.encode(ids));
        factory = AutoDaoFactory(deploy("AutoDaoFactory", abi.encode(daos, timelocks, tokens, clubs)));
        for (uint256 i; i < VOTERS; ++i) register(i);
    }

    function register(uint256 voter) internal returns (uint256) {
        return registerAs(voter, 1, 0, 0);
    }

    function registerAs(uint256 voter, uint8 kind, uint256 issuer, uint48 validUntil) internal returns (uint256) {
        IAutoIds.Registration memory r = registration(voter, kind, issuer, validUntil);
        bytes memory consent;
        if (issuer != 0) consent = signature(keyOf(issuer - 1), registrationDigest(r));
        return ids.register(r, signature(keyOf(voter), registrationDigest(r)), consent);
    }

    function registration(
        uint256 voter,
        uint8 kind,
        uint256 issuer,
        uint48 validUntil
    ) internal view returns (IAutoIds.Registration memory) {
        address controller = accountOf(voter);
        bytes32 certificate = kind == 3 ? keccak256("mandate") : bytes32(0);
        uint256 nonce = ids.nonces(controller);
        return IAutoIds.Registration(controller, kind, issuer, validUntil, certificate, nonce, time());
    }

    function registrationDigest(IAutoIds.Registration memory r) internal view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Registration(address controller,uint8 kind,uint256 issuer,uint48 validUntil,bytes32 certificate,uint256 nonce,uint256 deadline)"
        );
        return typed(domainOf("AutoIds", address(ids)), keccak256(abi.encode(typeHash, r)));
    }

    /// Every seventh voter holds nothing.
    function stakeOf(uint256 voter) internal pure returns (uint256) {
        return voter % 7 == 3 ? 0 : (voter + 1) * 1e18 + voter;
    }

    function stakes() internal view returns (address[] memory holders, uint256[] memory amounts) {
        holders = new address[](VOTERS);
        amounts = new uint256[](VOTERS);
        for (uint256 i; i < VOTERS; ++i) (holders[i], amounts[i]) = (accountOf(i), stakeOf(i));
    }

    function params(bool changeOfMind) internal view returns (AutoDaoFactory.DaoParams memory p) {
        p.name = "Boat Club";
        p.tokenName = "Boat";
        p.tokenSymbol = "BOAT";
        (p.holders, p.amounts) = stakes();
        p.votingDelay = 1 days;
        p.votingPeriod = 7 days;
        p.quorumPercent = 4;
        p.lateQuorumExtension = 1 hours;
        p.timelockDelay = 1 hours;
        p.changeOfMind = changeOfMind;
    }

    function makeDao(bool changeOfMind) internal {
        makeDao(params(changeOfMind));
    }

    function makeDao(AutoDaoFactory.DaoParams memory p) internal {
        (address d, address l, address t) = factory.create(p);
        (dao, timelock, token) = (AutoDao(payable(d)), AutoDaoTimelock(payable(l)), AutoDaoToken(t));
    }

    function makeNomic() internal {
        (address[] memory holders, uint256[] memory amounts) = stakes();
        nomic = Nomic(deploy("Nomic", abi.encode(ids, holders, amounts)));
        polls = Polls(deploy("Polls", abi.encode(nomic, 0)));
    }

    function list(uint256 from, uint256 count) internal pure returns (uint256[] memory idList) {
        idList = new uint256[](count);
        for (uint256 i; i < count; ++i) idList[i] = from + i;
    }

    function propose(string memory description) internal returns (uint256 proposalId) {
        (address[] memory targets, uint256[] memory values, bytes[] memory calls) = nothing();
        proposalId = dao.propose(targets, values, calls, description);
    }

    function nothing() internal view returns (address[] memory targets, uint256[] memory values, bytes[] memory calls) {
        (targets, values, calls) = (new address[](1), new uint256[](1), new bytes[](1));
        targets[0] = address(ids);
        calls[0] = abi.encodeCall(IAutoIds.total, ());
    }

    function openProposal() internal returns (uint256 proposalId) {
        vm.warp(time() + 1 hours);
        proposalId = propose("# Buy a boat\n\nFor the weekends.");
        vm.warp(dao.proposalSnapshot(proposalId) + 1);
    }

    function paper(uint256 proposalId, uint256 seat, uint256 sequence, uint256 choice) internal view returns (Paper memory p) {
        p.proposalId = proposalId;
        p.title = TITLE;
        p.choice = choice < 4 ? words[choice] : "";
        p.seat = uint32(seat);
        p.mark = uint8((sequence << 4) | choice);
    }

    function daoDomain() internal view returns (bytes32) {
        return domainOf("Boat Club", address(dao));
    }

    /// A good ballot of a voter who has the seat voter + 1 in the DAO.
    function ballot(uint256 proposalId, uint256 voter, uint256 sequence, uint256 choice) internal view returns (bytes memory) {
        return record(daoDomain(), paper(proposalId, voter + 1, sequence, choice), keyOf(voter));
    }

    function announce(uint256 id, uint256 to, uint256 by) internal {
        uint256 nonce = ids.nonces(accountOf(by));
        bytes32 digest = rotationDigest(id, accountOf(to), nonce);
        (bytes memory own, bytes memory accepted) = (signature(keyOf(by), digest), signature(keyOf(to), digest));
        ids.announceRotation(id, accountOf(to), accountOf(by), nonce, time(), own, accepted);
    }

    function rotationDigest(uint256 id, address to, uint256 nonce) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("Rotation(uint256 id,address to,uint256 nonce,uint256 deadline)");
        bytes32 structHash = keccak256(abi.encode(typeHash, id, to, nonce, time()));
        return typed(domainOf("AutoIds", address(ids)), structHash);
    }

    /// Gives an id to another voter, for good.
    function rotate(uint256 id, uint256 to) internal {
        announce(id, to, id - 1);
        vm.warp(time() + ids.ROTATION_DELAY());
        ids.executeRotation(id);
    }
}
