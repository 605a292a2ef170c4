// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GovernorUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/GovernorUpgradeable.sol";
import {TimelockControllerUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/TimelockControllerUpgradeable.sol";
import {GovernorNoncesKeyedUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorNoncesKeyedUpgradeable.sol";
import {GovernorPreventLateQuorumUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorPreventLateQuorumUpgradeable.sol";
import {GovernorProposalGuardianUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorProposalGuardianUpgradeable.sol";
import {GovernorSettingsUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorSettingsUpgradeable.sol";
import {GovernorTimelockControlUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorTimelockControlUpgradeable.sol";
import {GovernorVotesQuorumFractionUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorVotesQuorumFractionUpgradeable.sol";
import {GovernorVotesUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorVotesUpgradeable.sol";
import {NoncesUpgradeable} from "@openzeppelin/contracts-upgradeable/utils/NoncesUpgradeable.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {LiveIds} from "../ballots/LiveIds.sol";
import {GovernorBallots} from "./GovernorBallots.sol";

/// A DAO of the framework: OpenZeppelin's Governor with relayed ballots. One implementation, a clone for each DAO.
contract AutoDao is
    GovernorSettingsUpgradeable,
    GovernorBallots,
    GovernorVotesQuorumFractionUpgradeable,
    GovernorPreventLateQuorumUpgradeable,
    GovernorNoncesKeyedUpgradeable,
    GovernorProposalGuardianUpgradeable,
    GovernorTimelockControlUpgradeable
{
    struct Setup {
        string name;
        IVotes token;
        TimelockControllerUpgradeable timelock;
        uint48 votingDelay;
        uint32 votingPeriod;
        uint256 proposalThreshold;
        uint256 quorumPercent;
        uint48 lateQuorumExtension;
        bool changeOfMind;
        address guardian;
        bool ruled;
        bytes charter;
    }

    event CountingSet(bool changeOfMind, bool ruled);

    constructor(address registry, address charter_) LiveIds(registry) GovernorBallots(charter_) {
        _disableInitializers();
    }

    function initialize(Setup calldata s) external initializer {
        __Governor_init_unchained(s.name);
        __GovernorSettings_init_unchained(s.votingDelay, s.votingPeriod, s.proposalThreshold);
        __GovernorVotes_init_unchained(s.token);
        __GovernorVotesQuorumFraction_init_unchained(s.quorumPercent);
        __GovernorPreventLateQuorum_init_unchained(s.lateQuorumExtension);
        __GovernorTimelockControl_init_unchained(s.timelock);
        if (s.guardian != address(0)) _setProposalGuardian(s.guardian);
        _setCounting(s.changeOfMind, s.ruled);
        if (s.charter.length != 0) Address.functionCall(address(CHARTER), s.charter);
    }

    /// @notice Lets minds change or not, and puts the DAO under the rules of the charter, for good: without them the votes
    /// under way would weigh something else.
    function setCounting(bool changeOfMind_, bool ruled_) external onlyGovernance {
        _setCounting(changeOfMind_, ruled || ruled_);
    }

    function autoDaoVersion() external pure returns (string memory) {
        return "1";
    }

    function clock()
        public
        view
        override(GovernorUpgradeable, GovernorVotesUpgradeable, GovernorBallots)
        returns (uint48)
    {
        return super.clock();
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE()
        public
        view
        override(GovernorUpgradeable, GovernorVotesUpgradeable, GovernorBallots)
        returns (string memory)
    {
        return super.CLOCK_MODE();
    }

    function state(
        uint256 proposalId
    ) public view override(GovernorUpgradeable, GovernorTimelockControlUpgradeable) returns (ProposalState) {
        return super.state(proposalId);
    }

    function proposalDeadline(
        uint256 proposalId
    ) public view override(GovernorUpgradeable, GovernorPreventLateQuorumUpgradeable) returns (uint256) {
        return super.proposalDeadline(proposalId);
    }

    function proposalNeedsQueuing(
        uint256 proposalId
    ) public view override(GovernorUpgradeable, GovernorTimelockControlUpgradeable) returns (bool) {
        return super.proposalNeedsQueuing(proposalId);
    }

    function proposalThreshold()
        public
        view
        override(GovernorUpgradeable, GovernorSettingsUpgradeable)
        returns (uint256)
    {
        return super.proposalThreshold();
    }

    /// As OpenZeppelin's, without its 512 bits: supplies have 208 and percents 7. With rules it is what one voter with as many
    /// tokens would weigh.
    function quorum(
        uint256 timepoint
    ) public view override(GovernorUpgradeable, GovernorVotesQuorumFractionUpgradeable) returns (uint256 votes) {
        unchecked {
            votes = (token().getPastTotalSupply(timepoint) * quorumNumerator(timepoint)) / quorumDenominator();
        }
        if (ruled) votes = CHARTER.transformed(address(this), timepoint, votes);
    }

    function _setCounting(bool changeOfMind_, bool ruled_) private {
        (changeOfMind, ruled) = (changeOfMind_, ruled_);
        emit CountingSet(changeOfMind_, ruled_);
    }

    /// The name is in the Governor already; a second copy of it would only cost.
    // solhint-disable-next-line func-name-mixedcase
    function _EIP712Name() internal view override returns (string memory) {
        return name();
    }

    // solhint-disable-next-line func-name-mixedcase
    function _EIP712Version() internal view override returns (string memory) {
        return version();
    }

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override(GovernorUpgradeable, GovernorBallots) returns (uint256) {
        return super._propose(targets, values, calldatas, description, proposer);
    }

    /// The charter looks at that, together with the title.
    function _isValidDescriptionForProposer(address, string memory) internal pure override returns (bool) {
        return true;
    }

    function _getVotes(
        address account,
        uint256 timepoint,
        bytes memory params
    )
        internal
        view
        override(GovernorUpgradeable, GovernorVotesUpgradeable, GovernorBallots)
        returns (uint256)
    {
        return super._getVotes(account, timepoint, params);
    }

    function _tallyUpdated(
        uint256 proposalId
    ) internal override(GovernorUpgradeable, GovernorPreventLateQuorumUpgradeable) {
        super._tallyUpdated(proposalId);
    }

    function _useCheckedNonce(
        address owner,
        uint256 nonce
    ) internal override(NoncesUpgradeable, GovernorNoncesKeyedUpgradeable) {
        super._useCheckedNonce(owner, nonce);
    }

    function _validateVoteSig(
        uint256 proposalId,
        uint8 support,
        address voter,
        bytes memory signature
    ) internal override(GovernorUpgradeable, GovernorNoncesKeyedUpgradeable) returns (bool) {
        return super._validateVoteSig(proposalId, support, voter, signature);
    }

    function _validateExtendedVoteSig(
        uint256 proposalId,
        uint8 support,
        address voter,
        string memory reason,
        bytes memory params,
        bytes memory signature
    ) internal override(GovernorUpgradeable, GovernorNoncesKeyedUpgradeable) returns (bool) {
        return super._validateExtendedVoteSig(proposalId, support, voter, reason, params, signature);
    }

    function _validateCancel(
        uint256 proposalId,
        address caller
    ) internal view override(GovernorUpgradeable, GovernorProposalGuardianUpgradeable) returns (bool) {
        return super._validateCancel(proposalId, caller);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(GovernorUpgradeable, GovernorTimelockControlUpgradeable) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(GovernorUpgradeable, GovernorTimelockControlUpgradeable) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(GovernorUpgradeable, GovernorTimelockControlUpgradeable) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor()
        internal
        view
        override(GovernorUpgradeable, GovernorTimelockControlUpgradeable)
        returns (address)
    {
        return super._executor();
    }
}
