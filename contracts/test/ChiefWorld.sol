// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Chief} from "../src/nomic/Chief.sol";
import {World} from "./World.sol";

/// A chief over the NOMIC of the voters; the approvals as people sign them, written from the EIPs.
abstract contract ChiefWorld is World {
    uint256 internal constant LAUNCH = 30e18;
    uint256 internal constant FLOOR = 20e18;
    uint48 internal constant COOL_DOWN = 1 hours;
    /// The voter with the most: 40 NOMIC and a bit.
    uint256 internal constant WHALE = VOTERS - 1;

    Chief internal chief;

    function makeChief() internal {
        layGround();
        makeNomic();
        chief = Chief(deploy("Chief", abi.encode(nomic, LAUNCH, FLOOR, COOL_DOWN)));
        pass(1);
    }

    function pass(uint256 duration) internal {
        vm.warp(time() + duration);
    }

    function lock(uint256 voter, uint256 amount) internal {
        vm.startPrank(accountOf(voter));
        nomic.approve(address(chief), amount);
        chief.lock(uint96(amount));
        vm.stopPrank();
    }

    function free(uint256 voter, uint256 amount) internal {
        vm.prank(accountOf(voter));
        chief.free(uint96(amount));
    }

    function voteFor(uint256 voter, address[] memory spells) internal {
        vm.prank(accountOf(voter));
        chief.voteFor(spells);
    }

    function launch() internal {
        lock(WHALE, stakeOf(WHALE));
        voteFor(WHALE, spells_(address(0)));
        pass(1);
        chief.launch();
        voteFor(WHALE, none());
        pass(1);
    }

    /// Brings the hat to a spell, by the whale's approval, in a chief that was launched.
    function crown(address who) internal {
        voteFor(WHALE, spells_(who));
        pass(COOL_DOWN);
        chief.lift(who);
    }

    function spell(uint256 number) internal pure returns (address) {
        return address(uint160(0x5be11000 + number));
    }

    function none() internal pure returns (address[] memory) {}

    function spells_(address one) internal pure returns (address[] memory list_) {
        list_ = new address[](1);
        list_[0] = one;
    }

    function spells_(address one, address two) internal pure returns (address[] memory list_) {
        list_ = new address[](2);
        (list_[0], list_[1]) = (one, two);
    }

    function spells_(address one, address two, address three) internal pure returns (address[] memory list_) {
        list_ = new address[](3);
        (list_[0], list_[1], list_[2]) = (one, two, three);
    }

    function chiefDomain() internal view returns (bytes32) {
        return domainOf("Nomic Chief", address(chief));
    }

    function approvalDigest(
        bytes32 domain,
        uint256 seat,
        uint256 sequence,
        address[] memory spells
    ) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256("Approval(uint32 seat,uint16 sequence,address[] spells)");
        bytes memory padded;
        for (uint256 i; i < spells.length; ++i) padded = bytes.concat(padded, bytes32(uint256(uint160(spells[i]))));
        return typed(domain, keccak256(abi.encode(typeHash, seat, sequence, keccak256(padded))));
    }

    /// The record of a voter's approval, whose slate is etched when it is not yet.
    function approval(uint256 voter, uint256 sequence, address[] memory spells) internal returns (bytes memory) {
        uint256 seat = chief.seatOf(accountOf(voter));
        bytes32 digest = approvalDigest(chiefDomain(), seat, sequence, spells);
        return packed(seat, sequence, chief.etch(spells), keyOf(voter), digest);
    }

    function packed(
        uint256 seat,
        uint256 sequence,
        uint256 slate,
        uint256 key,
        bytes32 digest
    ) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        uint256 vs = uint256(s) | (uint256(v - 27) << 255);
        return abi.encodePacked(uint32(seat), uint16(sequence), uint32(slate), r, vs);
    }

    function expectApprovals(address who, uint256 weight, string memory what) internal view {
        vm.assertEq(chief.approvals(who), weight, what);
    }
}
